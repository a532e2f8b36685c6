import { randomUUID } from 'node:crypto';
import type { HostDirectory } from '../../hosts/directory.ts';
import { ApiError, validationError } from '../api-error.ts';
import { type JsonObject, objectAt, objectsAt, stringAt, stringsAt } from '../json.ts';
import type { Moto } from '../moto.ts';
import { page } from '../paging.ts';
import type { Invocation, InvocationStatus } from './command.ts';
import { findDocument, validateParameters } from './documents.ts';
import type { RunCommand } from './run-command.ts';
import { findTargets } from './targets.ts';

/** A host on which an association ran, and how that ended. */
interface Execution {
  id: string;
  instanceId: string;
  startedAt: Date;
  status: InvocationStatus;
}

interface Association {
  id: string;
  name: string;
  document: string;
  documentVersion: string;
  parameters: JsonObject;
  targets: JsonObject[];
  schedule: string;
  /** Between two runs on a host; undefined without a schedule of that form. */
  everyMs: number | undefined;
  createdAt: Date;
  executions: Execution[];
}

/** State Manager: runs documents on hosts when they register, on a schedule, and on request. Operations throw ApiError. */
export interface Associations {
  create(request: JsonObject): Promise<JsonObject>;
  describe(request: JsonObject): JsonObject;
  list(request: JsonObject): JsonObject;
  remove(request: JsonObject): JsonObject;
  startOnce(request: JsonObject): JsonObject;
  executions(request: JsonObject): JsonObject;
  executionTargets(request: JsonObject): JsonObject;
  close(): void;
}

export interface AssociationsContext {
  directory: HostDirectory;
  moto: Moto;
  runCommand: Pick<RunCommand, 'execute'>;
}

// A newly registered host is seen within a second; AWS takes up to a few minutes.
const LOOK_MS = 1000;
const LEAST_MINUTES = 30;
const UNITS: Record<string, number> = { minute: 1, hour: 60, day: 1440 };
const MOST_RESULTS = 50;

/** State Manager without an association. */
export function createAssociations(context: AssociationsContext): Associations {
  const associations: Association[] = [];
  const find = (request: JsonObject): Association => findAssociation(associations, request);
  const timer = setInterval(() => void runDue(context, associations), LOOK_MS);
  timer.unref();
  return {
    async create(request) {
      const association = await newAssociation(context, request);
      associations.push(association);
      return { AssociationDescription: description(association) };
    },
    describe: (request) => ({ AssociationDescription: description(find(request)) }),
    list(request) {
      const { items, token } = page(associations, request, MOST_RESULTS);
      return { Associations: items.map(description), ...token };
    },
    remove(request) {
      associations.splice(associations.indexOf(find(request)), 1);
      return {};
    },
    startOnce(request) {
      for (const id of stringsAt(request, 'AssociationIds')) {
        void runOnAll(context, find({ AssociationId: id }));
      }
      return {};
    },
    executions(request) {
      const { items, token } = page(find(request).executions, request, MOST_RESULTS);
      return { AssociationExecutions: items.map((one) => executionView(find(request), one)), ...token };
    },
    executionTargets(request) {
      const association = find(request);
      const wanted = association.executions.filter(({ id }) => id === stringAt(request, 'ExecutionId'));
      return { AssociationExecutionTargets: wanted.map((one) => executionTargetView(association, one)) };
    },
    close: () => clearInterval(timer),
  };
}

async function newAssociation({ moto }: AssociationsContext, request: JsonObject): Promise<Association> {
  const document = stringAt(request, 'Name') ?? '';
  const parameters = objectAt(request, 'Parameters');
  validateParameters(await findDocument(moto, document), parameters);
  const targets = objectsAt(request, 'Targets');
  if (targets.length === 0) {
    throw new ApiError('InvalidTarget', 'The local cloud makes associations with Targets only.');
  }
  const schedule = stringAt(request, 'ScheduleExpression') ?? '';
  return {
    id: randomUUID(),
    name: stringAt(request, 'AssociationName') ?? '',
    document,
    documentVersion: stringAt(request, 'DocumentVersion') ?? '$DEFAULT',
    parameters,
    targets,
    schedule,
    everyMs: periodOf(schedule),
    createdAt: new Date(),
    executions: [],
  };
}

/** The milliseconds of rate(N UNIT); undefined for none and for cron, which the local cloud does not run. */
function periodOf(schedule: string): number | undefined {
  const [, amount, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  if (amount === undefined) {
    return undefined;
  }
  const minutes = Number(amount) * (UNITS[unit] ?? 1);
  if (minutes < LEAST_MINUTES) {
    throw validationError(`The schedule ${schedule} is shorter than ${LEAST_MINUTES} minutes.`);
  }
  return minutes * 60_000;
}

function findAssociation(associations: Association[], request: JsonObject): Association {
  const found = associations.find(({ id }) => id === stringAt(request, 'AssociationId'));
  if (found === undefined) {
    throw new ApiError('AssociationDoesNotExist', 'The specified association does not exist.');
  }
  return found;
}

async function runDue(context: AssociationsContext, associations: Association[]): Promise<void> {
  for (const association of associations) {
    const instanceIds = await onlineTargets(context, association).catch(() => []);
    for (const instanceId of instanceIds.filter((id) => isDue(association, id))) {
      void runOn(context, association, instanceId);
    }
  }
}

function isDue({ executions, everyMs }: Association, instanceId: string): boolean {
  const last = executions.find((execution) => execution.instanceId === instanceId);
  if (last === undefined) {
    return true;
  }
  return (
    everyMs !== undefined && last.status !== 'InProgress' && Date.now() - last.startedAt.getTime() >= everyMs
  );
}

async function runOnAll(context: AssociationsContext, association: Association): Promise<void> {
  for (const instanceId of await onlineTargets(context, association)) {
    void runOn(context, association, instanceId);
  }
}

async function onlineTargets(
  { directory, moto }: AssociationsContext,
  { targets }: Association,
): Promise<string[]> {
  const instanceIds = await findTargets(moto, targets);
  return instanceIds.filter((id) => directory.find(id)?.agent === 'Online');
}

async function runOn(
  { runCommand }: AssociationsContext,
  association: Association,
  instanceId: string,
): Promise<void> {
  const execution: Execution = {
    id: randomUUID(),
    instanceId,
    startedAt: new Date(),
    status: 'InProgress',
  };
  association.executions.unshift(execution);
  try {
    const invocation = await runCommand.execute({
      DocumentName: association.document,
      DocumentVersion: association.documentVersion,
      InstanceIds: [instanceId],
      Parameters: association.parameters,
    });
    execution.status = invocation.status;
    console.log(`associations: ${association.name} on ${instanceId}: ${summary(invocation)}`);
  } catch (error) {
    execution.status = 'Failed';
    console.error(`associations: ${association.name} on ${instanceId}:`, error);
  }
}

function summary({ status, plugins }: Invocation): string {
  return `${status} ${plugins.map(({ output }) => output.trim().replaceAll('\n', ' | ')).join(' || ')}`;
}

function description(association: Association): JsonObject {
  const { id, name, document, documentVersion, parameters, targets, schedule, createdAt, executions } =
    association;
  const [last] = executions;
  return {
    AssociationId: id,
    AssociationVersion: '1',
    AssociationName: name,
    Name: document,
    DocumentVersion: documentVersion,
    Parameters: parameters,
    Targets: targets,
    ...(schedule === '' ? {} : { ScheduleExpression: schedule }),
    Date: createdAt.getTime() / 1000,
    Overview: { Status: last?.status ?? 'Pending', DetailedStatus: last?.status ?? 'Pending' },
    ...(last === undefined ? {} : { LastExecutionDate: last.startedAt.getTime() / 1000 }),
  };
}

function executionView({ id }: Association, execution: Execution): JsonObject {
  return {
    AssociationId: id,
    AssociationVersion: '1',
    ExecutionId: execution.id,
    Status: execution.status,
    DetailedStatus: execution.status,
    CreatedTime: execution.startedAt.getTime() / 1000,
    ResourceCountByStatus: `{${execution.status}=1}`,
  };
}

function executionTargetView({ id }: Association, execution: Execution): JsonObject {
  return {
    AssociationId: id,
    AssociationVersion: '1',
    ExecutionId: execution.id,
    ResourceId: execution.instanceId,
    ResourceType: 'ManagedInstance',
    Status: execution.status,
    DetailedStatus: execution.status,
    LastExecutionDate: execution.startedAt.getTime() / 1000,
  };
}
