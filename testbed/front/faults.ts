import type { ApiCall } from './api-call.ts';
import { ApiError } from './api-error.ts';
import { type JsonObject, numberAt, stringAt } from './json.ts';

/** A rule that makes calls of an operation fail, wait, or both. */
export interface CallFault {
  service: string;
  operation: string;
  /** Applies to calls with this access key only, when set. */
  accessKeyId?: string;
  /** The error's code; without it the call only waits. */
  error?: string;
  message?: string;
  status?: number;
  delayMs?: number;
  /** How many calls it still hits; without it, every call until cleared. */
  times?: number;
  /** A missing right: the error is the service's own word for it, with AWS's text. */
  denied?: boolean;
}

/** The faults in force, for `/_cloud/faults`. */
export interface FaultBook {
  add(fault: CallFault): void;
  list(): CallFault[];
  clear(which?: (fault: CallFault) => boolean): void;
  /** The fault that hits this call, counted down; undefined if none does. */
  take(call: ApiCall): CallFault | undefined;
}

const FIELDS = ['service', 'operation', 'accessKeyId', 'error', 'message', 'status', 'delayMs', 'times'];

/** An empty book of faults. */
export function createFaultBook(): FaultBook {
  let faults: CallFault[] = [];
  return {
    add: (fault) => {
      faults.push(fault);
    },
    list: () => faults,
    clear: (which = () => true) => {
      faults = faults.filter((fault) => !which(fault));
    },
    take(call) {
      const fault = faults.find((candidate) => hits(candidate, call));
      if (fault?.times !== undefined) {
        fault.times -= 1;
      }
      return fault === undefined ? undefined : { ...fault };
    },
  };
}

/**
 * Reads a fault from the body of `POST /_cloud/faults`.
 *
 * @throws RangeError naming the field that is wrong
 */
export function parseCallFault(body: JsonObject): CallFault {
  const unknown = Object.keys(body).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`unknown field "${unknown}"; known are ${FIELDS.join(', ')}`);
  }
  const { error, message, accessKeyId } = {
    error: stringAt(body, 'error'),
    message: stringAt(body, 'message'),
    accessKeyId: stringAt(body, 'accessKeyId'),
  };
  const status = positive(body, 'status');
  const delayMs = positive(body, 'delayMs');
  const times = positive(body, 'times');
  if (error === undefined && delayMs === undefined) {
    throw new RangeError('a fault needs "error", "delayMs" or both');
  }
  return {
    service: required(body, 'service').toLowerCase(),
    operation: required(body, 'operation'),
    ...(error !== undefined && { error }),
    ...(message !== undefined && { message }),
    ...(accessKeyId !== undefined && { accessKeyId }),
    ...(status !== undefined && { status }),
    ...(delayMs !== undefined && { delayMs }),
    ...(times !== undefined && { times }),
  };
}

/**
 * Reads a missing right from the body of `POST /_cloud/deny`: `{action: 'ssm:SendCommand', accessKeyId?}`.
 *
 * @throws RangeError if the action is no `service:Operation`
 */
export function parseDenial(body: JsonObject): CallFault {
  const action = required(body, 'action');
  const [service, operation] = action.split(':');
  if (!service || !operation) {
    throw new RangeError(`"action" must be service:Operation, as in ssm:SendCommand, not "${action}"`);
  }
  const accessKeyId = stringAt(body, 'accessKeyId');
  return {
    service: service.toLowerCase(),
    operation,
    denied: true,
    ...(accessKeyId !== undefined && { accessKeyId }),
  };
}

/** The error that a fault answers with, or undefined when it only delays. */
export function errorOfFault(fault: CallFault): ApiError | undefined {
  if (fault.error === undefined) {
    return undefined;
  }
  const server = /^(Internal|ServiceUnavailable|ServerException|InternalServer)/.test(fault.error);
  return new ApiError(
    fault.error,
    fault.message ?? defaultMessage(fault.error),
    fault.status ?? (server ? 500 : 400),
  );
}

function defaultMessage(code: string): string {
  return /Throttl|RequestLimitExceeded/.test(code)
    ? 'Rate exceeded'
    : `${code} (a fault set on the local cloud)`;
}

function hits(fault: CallFault, call: ApiCall): boolean {
  return (
    fault.times !== 0 &&
    fault.service === call.service &&
    (fault.operation === call.operation || fault.operation === '*') &&
    (fault.accessKeyId === undefined || fault.accessKeyId === call.accessKeyId)
  );
}

function required(body: JsonObject, key: string): string {
  const value = stringAt(body, key);
  if (value === undefined || value === '') {
    throw new RangeError(`"${key}" is missing or no string`);
  }
  return value;
}

function positive(body: JsonObject, key: string): number | undefined {
  const value = numberAt(body, key);
  if (body[key] !== undefined && (value === undefined || !Number.isInteger(value) || value < 1)) {
    throw new RangeError(`"${key}" must be a positive whole number, not ${JSON.stringify(body[key])}`);
  }
  return value;
}
