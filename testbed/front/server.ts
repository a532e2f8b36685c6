import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { BalancerView } from '../balancers/balancers.ts';
import type { HostDirectory } from '../hosts/directory.ts';
import { sendError, sendResult } from './answer.ts';
import { type ApiCall, identifyCall, namesOperationInBody } from './api-call.ts';
import { ApiError } from './api-error.ts';
import { answerCloudRoute, type CloudRoutesContext, createCloudState } from './cloud-routes.ts';
import { ec2Handlers } from './ec2.ts';
import { ecrHandlers } from './ecr/handlers.ts';
import { createPushLog } from './ecr/push-log.ts';
import { registryAt } from './ecr/registry.ts';
import { registryProxy } from './ecr/registry-proxy.ts';
import { createRepositories } from './ecr/repositories.ts';
import { createTokenStore } from './ecr/tokens.ts';
import { elbv2Handlers } from './elbv2.ts';
import { createFaultBook } from './faults.ts';
import { forward, readBody } from './forward.ts';
import { admit, type Gate } from './gate.ts';
import type { Handler } from './handler.ts';
import { motoAt } from './moto.ts';
import { createRecorder } from './recorder.ts';
import { createAssociations } from './ssm/associations.ts';
import { ssmHandlers } from './ssm/handlers.ts';
import { createRunCommand } from './ssm/run-command.ts';

export interface FrontOptions {
  directory: HostDirectory;
  /** The load balancers that run; none unless told. */
  balancers?: () => BalancerView[];
  /** Told of calls that may start, stop or end instances; nobody unless told. */
  instancesChanged?: () => void;
  /** Where moto listens, as in http://127.0.0.1:5555. */
  motoUrl: string;
  /** Where the real registry listens, as in http://ec2-deploy-cloud-registry:5001. */
  registryUrl: string;
  /** Where AWS clients call; 0 for a free port. */
  port: number;
  /** Where docker clients call, and the port that GetAuthorizationToken names; 0 for a free port. */
  registryPort: number;
  accountId: string;
  region: string;
  /** The address both listen on; every address unless told. */
  host?: string;
  /** How long reads don't see a new command: 250 milliseconds unless told. */
  visibleAfterMs?: number;
  /** How long an agent takes to notice a command: 350 milliseconds unless told. */
  deliverAfterMs?: number;
}

export interface Front {
  port: number;
  registryPort: number;
  /** Cancels commands that still run and stops listening. */
  close(): Promise<void>;
}

interface FrontContext {
  gate: Gate;
  routes: CloudRoutesContext;
  handlers: Record<string, Record<string, Handler>>;
  motoUrl: string;
  instancesChanged: () => void;
}

/** The services whose calls start, stop or end instances. */
const INSTANCE_SERVICES = ['ec2', 'autoscaling', 'cloudformation'];

const DEFAULT_VISIBLE_AFTER_MS = 250;
const DEFAULT_DELIVER_AFTER_MS = 350;

/**
 * Starts the server that AWS clients of the local cloud talk to: it does Run Command and ECR's images for real, breaks
 * what it is told to break, and hands everything else to moto.
 *
 * @throws Error if a port is taken
 */
export async function startFront(options: FrontOptions): Promise<Front> {
  const { directory, balancers = () => [], instancesChanged = () => {} } = options;
  const { accountId, region, registryUrl, motoUrl } = options;
  const moto = motoAt(motoUrl, region);
  const gate: Gate = {
    recorder: createRecorder(),
    faults: createFaultBook(),
    moto,
    directory,
    accountId,
    region,
  };
  const routes = { ...gate, balancers, tokens: createTokenStore(), state: createCloudState() };
  const registry = registryAt(registryUrl);
  const pushes = createPushLog();
  const images = { repositories: createRepositories(moto, registry, pushes), registry, pushes, accountId };
  const isStopped = (): boolean => routes.state.registryStopped;
  const registryServer = await listen(
    registryProxy({ images, gate, registryUrl, tokens: routes.tokens, isStopped }),
    options.registryPort,
    options.host,
  );
  const runCommand = createRunCommand({
    directory,
    moto,
    accountId,
    region,
    visibleAfterMs: options.visibleAfterMs ?? DEFAULT_VISIBLE_AFTER_MS,
    deliverAfterMs: options.deliverAfterMs ?? DEFAULT_DELIVER_AFTER_MS,
  });
  const associations = createAssociations({ directory, moto, runCommand });
  const handlers = {
    ec2: ec2Handlers(directory),
    elbv2: elbv2Handlers(balancers),
    ssm: ssmHandlers(runCommand, associations, directory, moto, region),
    ecr: ecrHandlers(images, routes.tokens, portOf(registryServer)),
  };
  const context = { gate, routes, handlers, motoUrl, instancesChanged };
  const apiServer = await listen(frontListener(context), options.port, options.host);
  return {
    port: portOf(apiServer),
    registryPort: portOf(registryServer),
    async close() {
      associations.close();
      runCommand.close();
      await Promise.all([stop(apiServer), stop(registryServer)]);
    },
  };
}

function frontListener(context: FrontContext): RequestListener {
  return (request, response) => {
    answer(context, request, response).catch((error: unknown) => {
      console.error(`front: ${request.method} ${request.url} failed:`, error);
      response.destroy();
    });
  };
}

async function answer(
  context: FrontContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url?.startsWith('/_cloud/')) {
    return answerCloudRoute(context.routes, request, response);
  }
  const body = namesOperationInBody(request) ? await readBody(request) : undefined;
  const call = identifyCall(request, body ?? Buffer.alloc(0));
  try {
    await admit(context.gate, call);
    const result = await context.handlers[call.service]?.[call.operation]?.(
      call.parameters,
      call.accessKeyId,
    );
    if (result !== undefined) {
      return sendResult(response, call, result);
    }
  } catch (error) {
    request.resume();
    return sendError(response, call, asApiError(error, call));
  }
  await forward(request, response, context.motoUrl, body);
  if (mayChangeInstances(call)) context.instancesChanged();
}

function mayChangeInstances({ service, operation }: ApiCall): boolean {
  return INSTANCE_SERVICES.includes(service) && !/^(?:Describe|Get|List)/.test(operation);
}

/** What isn't an error of the API is one of ours: loud in the log, and a 500 to the client. */
function asApiError(error: unknown, call: ApiCall): ApiError {
  if (error instanceof ApiError) {
    return error;
  }
  console.error(`front: ${call.service} ${call.operation} failed:`, error);
  return new ApiError('InternalServerError', error instanceof Error ? error.message : String(error), 500);
}

async function listen(listener: RequestListener, port: number, host = '0.0.0.0'): Promise<Server> {
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 30_000 }, listener);
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

async function stop(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the server does not listen on a port');
  }
  return address.port;
}
