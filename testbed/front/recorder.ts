import type { ApiCall } from './api-call.ts';
import type { JsonObject } from './json.ts';

/** One call as `GET /_cloud/calls` lists it. */
export interface RecordedCall {
  time: string;
  service: string;
  operation: string;
  accessKeyId: string;
  parameters: JsonObject;
}

/** The calls since the start or the last clearing, oldest first. */
export interface Recorder {
  record(call: ApiCall): void;
  /** @param accessKeyId whose calls; everybody's without it */
  list(accessKeyId?: string): RecordedCall[];
  clear(): void;
}

// Old calls are forgotten beyond this many, so that a cloud left running doesn't grow for ever.
const MOST_CALLS = 20_000;

const SECRET_FIELDS = new Set([
  'SecretString',
  'SecretBinary',
  'Password',
  'WebIdentityToken',
  'authorizationToken',
]);

/** A recorder that never keeps the value of a secret. */
export function createRecorder(): Recorder {
  let calls: RecordedCall[] = [];
  return {
    record(call) {
      const { service, operation, accessKeyId } = call;
      calls.push({
        time: new Date().toISOString(),
        service,
        operation,
        accessKeyId,
        parameters: harmless(call),
      });
      if (calls.length > MOST_CALLS) {
        calls = calls.slice(-MOST_CALLS);
      }
    },
    list: (accessKeyId) =>
      accessKeyId === undefined ? calls : calls.filter((call) => call.accessKeyId === accessKeyId),
    clear: () => {
      calls = [];
    },
  };
}

function harmless(call: ApiCall): JsonObject {
  if (call.operation === 'PutParameter') {
    const { Name, Type } = call.parameters;
    return { Name, Type };
  }
  return Object.fromEntries(Object.entries(call.parameters).filter(([name]) => !SECRET_FIELDS.has(name)));
}
