import { randomBytes } from 'node:crypto';

const LIFETIME_MS = 12 * 60 * 60 * 1000;

export type TokenState = 'valid' | 'expired' | 'unknown';

/** The passwords that GetAuthorizationToken gave out. */
export interface TokenStore {
  issue(): { password: string; expiresAt: Date };
  check(password: string): TokenState;
  /** Ends every token given out so far; new ones work. */
  expireAll(): void;
}

/** A store without tokens. */
export function createTokenStore(): TokenStore {
  const expiries = new Map<string, Date>();
  return {
    issue() {
      const password = randomBytes(256).toString('base64url');
      const expiresAt = new Date(Date.now() + LIFETIME_MS);
      expiries.set(password, expiresAt);
      return { password, expiresAt };
    },
    check(password) {
      const expiresAt = expiries.get(password);
      if (expiresAt === undefined) {
        return 'unknown';
      }
      return expiresAt > new Date() ? 'valid' : 'expired';
    },
    expireAll() {
      for (const password of expiries.keys()) {
        expiries.set(password, new Date(0));
      }
    },
  };
}
