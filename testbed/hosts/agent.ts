// The part of the SSM agent that is on the host (testbed/images/host/agent): it runs commands there, and knows nothing of AWS.
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { AGENTS_FOLDER } from '../cloud/names.ts';

/** Exit code and two lengths, four bytes each. */
const HEAD_BYTES = 12;

/** A command that has ended on a host. */
export interface CommandEnd {
  /** 128 and the signal's number for one that was killed. */
  exitCode: number;
  standardOutput: Buffer;
  standardError: Buffer;
}

/**
 * Runs a command on a host as root, to its end. Only the control plane can: the agents listen in a folder that it shares with its hosts.
 * @throws Error if the host does not run, or is gone when the command has ended
 */
export async function runOnHost(instanceId: string, command: string[], input = ''): Promise<CommandEnd> {
  const connection = createConnection(`${AGENTS_FOLDER}/${instanceId}`);
  const chunks: Buffer[] = [];
  connection.on('data', (chunk: Buffer) => chunks.push(chunk));
  connection.end(JSON.stringify({ command, input }));
  await once(connection, 'close');
  const answer = Buffer.concat(chunks);
  if (answer.length < HEAD_BYTES)
    throw new Error(`the host ${instanceId} was lost, or cannot run ${command[0]}`);
  const outputEnd = HEAD_BYTES + answer.readUInt32BE(4);
  return {
    exitCode: answer.readUInt32BE(0),
    standardOutput: answer.subarray(HEAD_BYTES, outputEnd),
    standardError: answer.subarray(outputEnd, outputEnd + answer.readUInt32BE(8)),
  };
}
