// The machine's Docker engine, asked at its socket: starting the docker command takes a tenth of a second of a core each time.
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';

const SOCKET = '/var/run/docker.sock';
const VERSION = 'v1.41';

/** A command that has ended in a container. */
export interface ExecResult {
  exitCode: number;
  standardOutput: Buffer;
  standardError: Buffer;
}

/**
 * Asks the engine.
 * @param path such as /containers/json
 * @param body what is sent as JSON; without one the call is a GET
 * @returns the answer, parsed
 * @throws Error with what the engine said if it refuses
 */
export async function askEngine(path: string, body?: object): Promise<unknown> {
  const call = startCall(path, body, {});
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  const text = await textOf(response);
  if (response.statusCode !== 200 && response.statusCode !== 201) {
    throw new Error(`the Docker engine answered ${path} with ${response.statusCode}: ${text}`);
  }
  return JSON.parse(text);
}

/**
 * Runs a command in a container to its end, with an input.
 * @throws Error with what the engine said if the container does not run, or is gone when the command has ended
 */
export async function execInContainer(
  container: string,
  command: string[],
  input: string,
): Promise<ExecResult> {
  const { Id: id } = (await askEngine(`/containers/${container}/exec`, {
    ...{ AttachStdin: true, AttachStdout: true, AttachStderr: true },
    Cmd: command,
  })) as { Id: string };
  const streams = await attach(id, input);
  const { ExitCode: exitCode } = (await askEngine(`/exec/${id}/json`)) as { ExitCode: number | null };
  return { exitCode: exitCode ?? 1, ...streams };
}

/** Starts a command that was prepared. Its connection becomes its input, and its output in frames. */
async function attach(id: string, input: string): Promise<Omit<ExecResult, 'exitCode'>> {
  const start = { Detach: false, Tty: false };
  const call = startCall(`/exec/${id}/start`, start, { connection: 'Upgrade', upgrade: 'tcp' });
  const refused = once(call, 'response').then(async ([response]) => {
    throw new Error(`the Docker engine does not start a command: ${await textOf(response)}`);
  });
  const upgraded = once(call, 'upgrade') as Promise<[IncomingMessage, Duplex, Buffer]>;
  const [, connection, head] = await Promise.race([upgraded, refused]);
  const chunks = [head];
  connection.on('data', (chunk: Buffer) => chunks.push(chunk));
  connection.end(input);
  // One that breaks off has ended too: what has arrived is what there is.
  await Promise.race([once(connection, 'end'), once(connection, 'close')]).catch(() => undefined);
  return readFrames(Buffer.concat(chunks));
}

/** A frame is the number of its stream, three zeros, its length in four bytes, and that many bytes. */
function readFrames(bytes: Buffer): Omit<ExecResult, 'exitCode'> {
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  let place = 0;
  while (place + 8 <= bytes.length) {
    const end = place + 8 + bytes.readUInt32BE(place + 4);
    (bytes[place] === 2 ? errors : output).push(bytes.subarray(place + 8, end));
    place = end;
  }
  return { standardOutput: Buffer.concat(output), standardError: Buffer.concat(errors) };
}

function startCall(path: string, body: object | undefined, headers: Record<string, string>): ClientRequest {
  const text = body === undefined ? '' : JSON.stringify(body);
  const call = request({
    socketPath: SOCKET,
    path: `/${VERSION}${path}`,
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
  });
  return call.end(text);
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
