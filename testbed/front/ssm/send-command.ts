import { randomUUID } from 'node:crypto';
import type { HostDirectory } from '../../hosts/directory.ts';
import { ApiError, validationError } from '../api-error.ts';
import { type JsonObject, numberAt, objectAt, objectsAt, stringAt, stringsAt } from '../json.ts';
import type { Moto } from '../moto.ts';
import { type Command, newInvocation } from './command.ts';
import { findDocument, validateParameters } from './documents.ts';
import { computerName } from './instances.ts';
import { planSteps } from './substitution.ts';
import { findTargets, namedInstances } from './targets.ts';

const MOST_INSTANCE_IDS = 50;
const MOST_TARGETS = 5;
const MOST_COMMENT_CHARACTERS = 100;
const LEAST_TIMEOUT_SECONDS = 30;
const MOST_TIMEOUT_SECONDS = 2_592_000;
const DEFAULT_TIMEOUT_SECONDS = 3600;
const MOST_DOCUMENT_BYTES = 65_536;
const INSTANCE_ID = /^(i-(\w{8}|\w{17})|mi-\w{17})$/;
const CONCURRENCY = /^([1-9][0-9]*|[1-9][0-9]%|[1-9]%|100%)$/;
const ERRORS = /^([1-9][0-9]*|0|[1-9][0-9]%|[0-9]%|100%)$/;

export interface SendCommandContext {
  directory: HostDirectory;
  moto: Moto;
  accountId: string;
  region: string;
  /** How long reads don't see a new command, in milliseconds. */
  visibleAfterMs: number;
}

/**
 * Makes a command of a SendCommand request, refusing what AWS refuses.
 *
 * @throws ApiError with the error that AWS answers
 */
export async function createCommand(context: SendCommandContext, request: JsonObject): Promise<Command> {
  const timeoutSeconds = validateRequest(request);
  const document = await findDocument(
    context.moto,
    stringAt(request, 'DocumentName') ?? '',
    stringAt(request, 'DocumentVersion'),
  );
  const parameters = objectAt(request, 'Parameters');
  const steps = planSteps(document, validateParameters(document, parameters));
  const instanceIds = stringsAt(request, 'InstanceIds');
  if (instanceIds.length > 0) {
    requireManagedInstances(context, instanceIds);
  }
  const targets = objectsAt(request, 'Targets');
  const hosts = instanceIds.length > 0 ? instanceIds : await resolveTargets(context, targets);
  const requestedAt = new Date();
  const executionSeconds = steps.reduce((total, step) => total + step.timeoutSeconds, 0);
  return {
    id: randomUUID(),
    documentName: stringAt(request, 'DocumentName') ?? '',
    documentVersion: stringAt(request, 'DocumentVersion') ?? '$DEFAULT',
    comment: stringAt(request, 'Comment') ?? '',
    parameters,
    targets,
    instanceIds,
    requestedAt,
    visibleFrom: new Date(requestedAt.getTime() + context.visibleAfterMs),
    expiresAfter: new Date(requestedAt.getTime() + (timeoutSeconds + executionSeconds) * 1000),
    timeoutSeconds,
    maxConcurrency: stringAt(request, 'MaxConcurrency') ?? '50',
    maxErrors: stringAt(request, 'MaxErrors') ?? '0',
    steps,
    invocations: hosts.map((id) => newInvocation(id, hostName(context, id), steps)),
    cancelRequested: false,
  };
}

function hostName({ directory, region }: SendCommandContext, instanceId: string): string {
  const host = directory.find(instanceId);
  return host === undefined ? '' : computerName(host, region);
}

/** Checks what needs nobody else's knowledge; returns the delivery timeout in seconds. */
function validateRequest(request: JsonObject): number {
  validateInstanceIds(stringsAt(request, 'InstanceIds'), objectsAt(request, 'Targets'));
  const comment = stringAt(request, 'Comment') ?? '';
  if (comment.length > MOST_COMMENT_CHARACTERS) {
    throw constraint('comment', comment, `length less than or equal to ${MOST_COMMENT_CHARACTERS}`);
  }
  requirePattern('maxConcurrency', stringAt(request, 'MaxConcurrency'), CONCURRENCY);
  requirePattern('maxErrors', stringAt(request, 'MaxErrors'), ERRORS);
  requireSmallParameters(objectAt(request, 'Parameters'));
  return validateTimeout(numberAt(request, 'TimeoutSeconds'));
}

function validateInstanceIds(instanceIds: string[], targets: JsonObject[]): void {
  if (instanceIds.length > MOST_INSTANCE_IDS) {
    throw constraint(
      'instanceIds',
      `[${instanceIds.join(', ')}]`,
      `length less than or equal to ${MOST_INSTANCE_IDS}`,
    );
  }
  if (targets.length > MOST_TARGETS) {
    throw constraint('targets', JSON.stringify(targets), `length less than or equal to ${MOST_TARGETS}`);
  }
  for (const instanceId of instanceIds) {
    requirePattern('instanceIds', instanceId, INSTANCE_ID);
  }
  if (new Set(instanceIds).size < instanceIds.length) {
    throw new ApiError('DuplicateInstanceId', 'You cannot specify an instance ID more than once.');
  }
  if (instanceIds.length > 0 === targets.length > 0) {
    throw new ApiError('InvalidParameters', 'Specify either InstanceIds or Targets, and not both.');
  }
}

function validateTimeout(seconds: number | undefined): number {
  if (seconds === undefined) {
    return DEFAULT_TIMEOUT_SECONDS;
  }
  if (seconds < LEAST_TIMEOUT_SECONDS) {
    throw constraint(
      'timeoutSeconds',
      String(seconds),
      `value greater than or equal to ${LEAST_TIMEOUT_SECONDS}`,
    );
  }
  if (seconds > MOST_TIMEOUT_SECONDS) {
    throw constraint(
      'timeoutSeconds',
      String(seconds),
      `value less than or equal to ${MOST_TIMEOUT_SECONDS}`,
    );
  }
  return seconds;
}

function requireSmallParameters(parameters: JsonObject): void {
  const bytes = Buffer.byteLength(JSON.stringify(parameters));
  if (bytes > MOST_DOCUMENT_BYTES) {
    throw new ApiError(
      'MaxDocumentSizeExceeded',
      `The size limit of a document is 64 KB, its parameters included; these are ${bytes} bytes.`,
    );
  }
}

function requirePattern(field: string, value: string | undefined, pattern: RegExp): void {
  if (value !== undefined && !pattern.test(value)) {
    throw constraint(field, value, `regular expression pattern: ${pattern.source}`, 'satisfy');
  }
}

function constraint(field: string, value: string, rule: string, verb = 'have'): ApiError {
  return validationError(
    `1 validation error detected: Value '${value}' at '${field}' failed to satisfy constraint: Member must ${verb} ${rule}`,
  );
}

function requireManagedInstances({ directory, accountId }: SendCommandContext, instanceIds: string[]): void {
  const unmanaged = instanceIds.filter((id) => directory.find(id)?.agent !== 'Online');
  if (unmanaged.length > 0) {
    throw new ApiError(
      'InvalidInstanceId',
      `Instances [[${unmanaged.join(', ')}]] not in a valid state for account ${accountId}`,
    );
  }
}

/** The instances that all of the targets name; refuses those that are named by id and have no agent. */
async function resolveTargets(context: SendCommandContext, targets: JsonObject[]): Promise<string[]> {
  requireManagedInstances(context, namedInstances(targets));
  return findTargets(context.moto, targets);
}
