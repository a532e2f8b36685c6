import { randomBytes } from 'node:crypto';

const LIFETIME_MS = 12 * 60 * 60 * 1000;

export type TokenState =
  | { state: 'valid'; accessKeyId: string }
  | { state: 'expired' }
  | { state: 'unknown' };

interface Token {
  expiresAt: Date;
  accessKeyId: string;
}

/** The passwords that GetAuthorizationToken gave out. */
export interface TokenStore {
  /** A new password for the holder of an access key. */
  issue(accessKeyId: string): { password: string; expiresAt: Date };
  check(password: string): TokenState;
  /** Ends every token given out so far; new ones work. */
  expireAll(): void;
}

/** A store without tokens. */
export function createTokenStore(): TokenStore {
  const tokens = new Map<string, Token>();
  return {
    issue(accessKeyId) {
      const password = randomBytes(256).toString('base64url');
      const expiresAt = new Date(Date.now() + LIFETIME_MS);
      tokens.set(password, { expiresAt, accessKeyId });
      return { password, expiresAt };
    },
    check(password) {
      const token = tokens.get(password);
      if (token === undefined) {
        return { state: 'unknown' };
      }
      return token.expiresAt > new Date()
        ? { state: 'valid', accessKeyId: token.accessKeyId }
        : { state: 'expired' };
    },
    expireAll() {
      for (const token of tokens.values()) {
        token.expiresAt = new Date(0);
      }
    },
  };
}
