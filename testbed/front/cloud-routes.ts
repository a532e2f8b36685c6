import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BalancerView } from '../balancers/balancers.ts';
import { runOnHost } from '../hosts/agent.ts';
import type { HostDirectory } from '../hosts/directory.ts';
import { sendJson } from './answer.ts';
import type { TokenStore } from './ecr/tokens.ts';
import { type FaultBook, parseCallFault, parseDenial } from './faults.ts';
import { readBody } from './forward.ts';
import { type JsonObject, parseJsonObject, stringAt } from './json.ts';
import type { Recorder } from './recorder.ts';

export interface CloudRoutesContext {
  directory: HostDirectory;
  balancers: () => BalancerView[];
  faults: FaultBook;
  recorder: Recorder;
  tokens: TokenStore;
  /** Faults that are a state of the cloud, not a rule about calls. */
  state: CloudState;
}

/** How a line on a host ended, and what it wrote on each stream. */
export interface HostExecResult {
  exitCode: number;
  output: string;
  errors: string;
}

export interface CloudState {
  registryStopped: boolean;
  offlineAgents: Set<string>;
  fullDisks: Set<string>;
  stoppedHosts: Set<string>;
}

/** A cloud in which nothing is broken. */
export function createCloudState(): CloudState {
  return { registryStopped: false, offlineAgents: new Set(), fullDisks: new Set(), stoppedHosts: new Set() };
}

type Route = (context: CloudRoutesContext, body: JsonObject, query: URLSearchParams) => unknown;

const ROUTES: Record<string, Route> = {
  'GET /_cloud/calls': ({ recorder }, _, query) => recorder.list(query.get('accessKeyId') ?? undefined),
  'DELETE /_cloud/calls': ({ recorder }) => recorder.clear(),
  'GET /_cloud/hosts': ({ directory }) => directory.list(),
  'POST /_cloud/exec': (context, body) => execOnHost(context, body),
  'GET /_cloud/balancers': ({ balancers }) => balancers(),
  'GET /_cloud/faults': (context) => listFaults(context),
  'POST /_cloud/faults': (context, body) => addFault(context, body),
  'DELETE /_cloud/faults': (context) => clearFaults(context),
  'POST /_cloud/deny': ({ faults }, body) => faults.add(parseDenial(body)),
  'DELETE /_cloud/deny': ({ faults }) => faults.clear((fault) => fault.denied === true),
};

/** Answers the front server's own endpoints, under /_cloud/. */
export async function answerCloudRoute(
  context: CloudRoutesContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '', query] = (request.url ?? '').split('?');
  const route = ROUTES[`${request.method} ${path}`];
  if (route === undefined) {
    const known = Object.keys(ROUTES).join(', ');
    return sendJson(response, 404, {
      error: `no such endpoint: ${request.method} ${request.url}; there are ${known}`,
    });
  }
  try {
    const body = parseJsonObject((await readBody(request)).toString('utf8'));
    sendJson(response, 200, (await route(context, body, new URLSearchParams(query))) ?? { ok: true });
  } catch (error) {
    const status = error instanceof RangeError || error instanceof SyntaxError ? 400 : 500;
    sendJson(response, status, { error: (error as Error).message });
  }
}

/** A shell line as somebody on the host types it, past the agent: `{"instanceId": ID, "line": LINE}`. */
async function execOnHost({ directory }: CloudRoutesContext, body: JsonObject): Promise<HostExecResult> {
  const instanceId = knownHost(directory, stringAt(body, 'instanceId') ?? '');
  const ended = await runOnHost(instanceId, ['bash', '-c', stringAt(body, 'line') ?? '']);
  return {
    exitCode: ended.exitCode,
    output: ended.standardOutput.toString(),
    errors: ended.standardError.toString(),
  };
}

type StateFault = (context: CloudRoutesContext, value: string) => void | Promise<void>;

const STATE_FAULTS: Record<string, StateFault> = {
  agentOffline: ({ directory, state }, instanceId) => {
    directory.setAgentOffline(knownHost(directory, instanceId), true);
    state.offlineAgents.add(instanceId);
  },
  stopHost: async ({ directory, state }, instanceId) => {
    await directory.stop(knownHost(directory, instanceId));
    state.stoppedHosts.add(instanceId);
  },
  fullDisk: async ({ directory, state }, instanceId) => {
    await directory.fillDisk(knownHost(directory, instanceId), true);
    state.fullDisks.add(instanceId);
  },
};

/** Faults without a host: what `true` sets. */
const SWITCHES: Record<string, (context: CloudRoutesContext) => void> = {
  stopRegistry: ({ state }) => {
    state.registryStopped = true;
  },
  noHosts: ({ directory }) => {
    directory.hostsWithheld = true;
  },
  expireTokens: ({ tokens }) => tokens.expireAll(),
};

async function addFault(context: CloudRoutesContext, body: JsonObject): Promise<void> {
  const [name = ''] = Object.keys(body);
  const stateFault = STATE_FAULTS[name];
  if (stateFault !== undefined) {
    return stateFault(context, stringAt(body, name) ?? '');
  }
  const flip = SWITCHES[name];
  if (flip === undefined) {
    return context.faults.add(parseCallFault(body));
  }
  if (body[name] !== true) {
    throw new RangeError(`"${name}" must be true, not ${JSON.stringify(body[name])}`);
  }
  flip(context);
}

function knownHost(directory: HostDirectory, instanceId: string): string {
  if (directory.find(instanceId) === undefined) {
    const known = directory.list().map((host) => host.instanceId);
    throw new RangeError(`no host "${instanceId}"; there are: ${known.join(', ') || 'none'}`);
  }
  return instanceId;
}

function listFaults({ directory, faults, state }: CloudRoutesContext): unknown[] {
  return [
    ...faults.list(),
    ...[...state.offlineAgents].map((agentOffline) => ({ agentOffline })),
    ...[...state.stoppedHosts].map((stopHost) => ({ stopHost })),
    ...[...state.fullDisks].map((fullDisk) => ({ fullDisk })),
    ...(state.registryStopped ? [{ stopRegistry: true }] : []),
    ...(directory.hostsWithheld ? [{ noHosts: true }] : []),
  ];
}

/** Mends what can be mended: a crashed host boots again when its instance is stopped and started in EC2. */
async function clearFaults({ directory, faults, state }: CloudRoutesContext): Promise<void> {
  faults.clear();
  state.registryStopped = false;
  directory.hostsWithheld = false;
  state.stoppedHosts.clear();
  for (const instanceId of state.offlineAgents) {
    directory.setAgentOffline(instanceId, false);
  }
  state.offlineAgents.clear();
  for (const instanceId of state.fullDisks) {
    await directory.fillDisk(instanceId, false);
  }
  state.fullDisks.clear();
}
