import { ApiError, validationError } from '../api-error.ts';
import { type JsonObject, objectsAt, stringAt, stringsAt } from '../json.ts';
import { page } from '../paging.ts';
import { type Agent, type AgentOptions, createAgent } from './agent.ts';
import {
  allowedConcurrency,
  allowedErrors,
  type Command,
  commandState,
  countsAsError,
  finishInvocation,
  type Invocation,
  isTerminal,
  type PluginRun,
} from './command.ts';
import { createCommand, type SendCommandContext } from './send-command.ts';
import { commandView, invocationResult, invocationView } from './views.ts';

const COMMAND_ID = /^[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}$/;
const MOST_RESULTS = 50;

/** Run Command: takes commands, runs them on hosts, and tells how they are. Every operation throws ApiError. */
export interface RunCommand {
  send(request: JsonObject): Promise<JsonObject>;
  list(request: JsonObject): JsonObject;
  listInvocations(request: JsonObject): JsonObject;
  getInvocation(request: JsonObject): JsonObject;
  cancel(request: JsonObject): JsonObject;
  /** Runs a document on one host to its end without a place in the history, as State Manager does. */
  execute(request: JsonObject): Promise<Invocation>;
  /** Cancels whatever still runs. */
  close(): void;
}

/** Run Command with no command in its history. */
export function createRunCommand(context: SendCommandContext & AgentOptions): RunCommand {
  const commands: Command[] = [];
  const agent = createAgent(context);
  const visible = (): Command[] => commands.filter((command) => command.visibleFrom <= new Date());
  return {
    async send(request) {
      const command = await createCommand(context, request);
      commands.unshift(command);
      void dispatch(context, agent, command);
      return { Command: commandView(command) };
    },
    list(request) {
      const found = visible().filter((command) => matchesCommand(command, request));
      const { items, token } = page(found, request, MOST_RESULTS);
      return { Commands: items.map(commandView), ...token };
    },
    listInvocations(request) {
      const found = visible().flatMap((command) =>
        command.invocations
          .filter((invocation) => matchesInvocation(command, invocation, request))
          .map((invocation) => ({ command, invocation })),
      );
      const { items, token } = page(found, request, MOST_RESULTS);
      const details = request['Details'] === true;
      return {
        CommandInvocations: items.map((one) => invocationView(one.command, one.invocation, details)),
        ...token,
      };
    },
    getInvocation(request) {
      const { command, invocation } = findInvocation(visible(), request);
      return invocationResult(command, invocation, findPlugin(invocation, stringAt(request, 'PluginName')));
    },
    cancel(request) {
      const command = commands.find((one) => one.id === requireCommandId(request));
      if (command === undefined) {
        throw new ApiError('InvalidCommandId', '');
      }
      cancelCommand(command, stringsAt(request, 'InstanceIds'));
      return {};
    },
    async execute(request) {
      const command = await createCommand(context, request);
      const [invocation] = command.invocations;
      if (invocation === undefined) {
        throw new Error(`there is no host for ${JSON.stringify(request['InstanceIds'])}`);
      }
      await agent.run(command, invocation);
      return invocation;
    },
    close() {
      for (const command of commands) {
        cancelCommand(command, []);
      }
    },
  };
}

/** Runs a command on its hosts, so many at a time, until too many of them failed. */
async function dispatch(context: SendCommandContext, agent: Agent, command: Command): Promise<void> {
  const waiting = [...command.invocations];
  const work = async (): Promise<void> => {
    for (let invocation = waiting.shift(); invocation !== undefined; invocation = waiting.shift()) {
      await runInvocation(context, agent, command, invocation);
    }
  };
  await Promise.all(Array.from({ length: allowedConcurrency(command) }, work));
}

async function runInvocation(
  { directory }: SendCommandContext,
  agent: Agent,
  command: Command,
  invocation: Invocation,
): Promise<void> {
  if (command.invocations.filter(countsAsError).length > allowedErrors(command)) {
    return finishInvocation(invocation, 'Cancelled', 'Terminated');
  }
  // Only targets get here with such a host: an instance id without an agent is refused when the command is sent.
  if (command.instanceIds.length === 0 && directory.find(invocation.instanceId)?.agent !== 'Online') {
    return finishInvocation(invocation, 'Failed', 'Undeliverable');
  }
  await agent.run(command, invocation);
}

function cancelCommand(command: Command, instanceIds: string[]): void {
  const chosen = command.invocations.filter(
    (invocation) =>
      !isTerminal(invocation.status) &&
      (instanceIds.length === 0 || instanceIds.includes(invocation.instanceId)),
  );
  command.cancelRequested ||= chosen.length > 0;
  for (const invocation of chosen) {
    invocation.status = 'Cancelling';
    invocation.statusDetails = 'Cancelling';
    invocation.cancellation.abort();
  }
}

function requireCommandId(request: JsonObject): string {
  const id = stringAt(request, 'CommandId') ?? '';
  if (!COMMAND_ID.test(id)) {
    throw validationError(
      `1 validation error detected: Value '${id}' at 'commandId' failed to satisfy constraint: Member must have length greater than or equal to 36`,
    );
  }
  return id;
}

function findInvocation(
  commands: Command[],
  request: JsonObject,
): { command: Command; invocation: Invocation } {
  const id = requireCommandId(request);
  const instanceId = stringAt(request, 'InstanceId');
  for (const command of commands.filter((one) => one.id === id)) {
    const invocation = command.invocations.find((one) => one.instanceId === instanceId);
    if (invocation !== undefined) {
      return { command, invocation };
    }
  }
  throw new ApiError('InvocationDoesNotExist', '');
}

/** A document of one step needs no step name; with several, the caller has to say which. */
function findPlugin(invocation: Invocation, name: string | undefined): PluginRun {
  const [first, ...others] = invocation.plugins;
  const plugin =
    name === undefined && others.length === 0 ? first : invocation.plugins.find((one) => one.name === name);
  if (plugin === undefined) {
    throw new ApiError('InvalidPluginName', `The plugin name ${name ?? ''} is not valid.`);
  }
  return plugin;
}

function matchesCommand(command: Command, request: JsonObject): boolean {
  const instanceId = stringAt(request, 'InstanceId');
  const hasInstance = command.invocations.some((invocation) => invocation.instanceId === instanceId);
  return (
    matchesId(command, request) &&
    (instanceId === undefined || hasInstance) &&
    matchesFilters(command, commandState(command), request)
  );
}

function matchesInvocation(command: Command, invocation: Invocation, request: JsonObject): boolean {
  const instanceId = stringAt(request, 'InstanceId');
  return (
    matchesId(command, request) &&
    (instanceId === undefined || invocation.instanceId === instanceId) &&
    matchesFilters(command, invocation, request)
  );
}

function matchesId(command: Command, request: JsonObject): boolean {
  const id = stringAt(request, 'CommandId');
  return id === undefined || command.id === id;
}

function matchesFilters(
  command: Command,
  state: { status: string; statusDetails: string },
  request: JsonObject,
): boolean {
  return objectsAt(request, 'Filters').every((filter) =>
    matchesFilter(command, state, stringAt(filter, 'key') ?? '', stringAt(filter, 'value') ?? ''),
  );
}

function matchesFilter(
  command: Command,
  state: { status: string; statusDetails: string },
  key: string,
  value: string,
): boolean {
  switch (key) {
    case 'InvokedAfter':
      return command.requestedAt >= new Date(value);
    case 'InvokedBefore':
      return command.requestedAt <= new Date(value);
    case 'Status':
      return state.status === value || state.statusDetails === value;
    case 'DocumentName':
      return command.documentName === value;
    case 'ExecutionStage':
      return (value === 'Complete') === ['Success', 'Failed', 'TimedOut', 'Cancelled'].includes(state.status);
    default:
      throw new ApiError('InvalidFilterKey', `The specified filter key ${key} is not valid.`);
  }
}
