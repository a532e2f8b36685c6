// Runners that can be told from each other: faults for one do not hit another, and each one's calls are recorded.
import { randomBytes } from 'node:crypto';
import { denyCalls, listCalls } from '../../../testbed/cloud/client.ts';
import type { RecordedCall } from '../../../testbed/front/recorder.ts';
import { access, fault } from './cloud.ts';

/** A job's AWS variables, with credentials that nobody else has. */
export interface Caller extends Record<string, string> {
  AWS_ENDPOINT_URL: string;
  AWS_REGION: string;
  AWS_ACCESS_KEY_ID: string;
  AWS_SECRET_ACCESS_KEY: string;
  AWS_SESSION_TOKEN: string;
}

/** Credentials as a workflow gets them by OIDC: temporary ones, with a session token. */
export function newCaller(): Caller {
  const unique = randomBytes(8).toString('hex').toUpperCase();
  return {
    AWS_ENDPOINT_URL: access.AWS_ENDPOINT_URL,
    AWS_REGION: access.AWS_REGION,
    AWS_ACCESS_KEY_ID: `ASIA${unique}`,
    AWS_SECRET_ACCESS_KEY: `secret-key-of-${unique}`,
    AWS_SESSION_TOKEN: `session-token-of-${unique}`,
  };
}

/** Takes a right away: `ssm:SendCommand`. */
export function deny(action: string, accessKeyId: string): Promise<void> {
  return denyCalls(access, action, accessKeyId);
}

/** Lets a caller's calls of an operation (`ssm:SendCommand`) fail with an error. */
export async function failCalls(action: string, error: string, accessKeyId: string): Promise<void> {
  const [service, operation] = action.split(':');
  await fault({ service, operation, error, accessKeyId });
}

/** Every call that a caller made, oldest first. */
export function callsOf({ AWS_ACCESS_KEY_ID: accessKeyId }: Caller): Promise<RecordedCall[]> {
  return listCalls(access, accessKeyId);
}
