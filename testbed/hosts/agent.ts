// The part of the SSM agent that is on a host (testbed/images/host/agent): it runs what it is told to, and knows nothing of AWS.
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { AGENTS_FOLDER } from '../cloud/names.ts';

/** What has ended on a host. */
export interface HostEnd {
  /** -1 for what died of a signal. */
  exitCode: number;
  /** `exit status 3`, `signal: killed`, `chdir /nowhere: no such file or directory`; empty if it ended well. */
  failure: string;
  standardOutput: Buffer;
  standardError: Buffer;
}

/** A script, where its file and what it prints are kept, and what it runs in. */
export interface HostScript {
  script: string;
  folder: string;
  directory: string;
  /** Beside the variables of the host's role, whose names begin with AWS_. */
  environment: Record<string, string>;
  /** How many bytes of each stream come back. */
  limit: number;
}

/**
 * Runs a command on a host as root, to its end.
 * @throws Error if the host does not run, or is gone when the command has ended
 */
export function runOnHost(instanceId: string, command: string[]): Promise<HostEnd> {
  return askAgent(instanceId, { do: 'run', command });
}

/**
 * Runs a script on a host as root, until it and all who have its streams have ended.
 * @throws Error if the host does not run, or is gone when the script has ended
 */
export function runScriptOnHost(instanceId: string, script: HostScript): Promise<HostEnd> {
  return askAgent(instanceId, { do: 'run_script', ...script });
}

/**
 * Kills a script's process group, also if it has yet to start.
 * @returns 137 as its exit code, and what it has printed
 * @throws Error if the host does not run
 */
export function killScriptOnHost(
  instanceId: string,
  { folder, limit }: Pick<HostScript, 'folder' | 'limit'>,
): Promise<HostEnd> {
  return askAgent(instanceId, { do: 'kill_script', folder, limit });
}

/** The agents listen in a folder that only the control plane and the hosts share. */
async function askAgent(instanceId: string, request: object): Promise<HostEnd> {
  const connection = createConnection(`${AGENTS_FOLDER}/${instanceId}`);
  const chunks: Buffer[] = [];
  connection.on('data', (chunk: Buffer) => chunks.push(chunk));
  connection.end(JSON.stringify(request));
  await once(connection, 'close');
  if (chunks.length === 0)
    throw new Error(`the host ${instanceId} was lost, or could not do what it was told to`);
  const { standardOutput, standardError, ...end } = JSON.parse(Buffer.concat(chunks).toString());
  return {
    ...end,
    standardOutput: Buffer.from(standardOutput, 'base64'),
    standardError: Buffer.from(standardError, 'base64'),
  };
}
