import type { Failure } from '../host/protocol.ts';
import type { ContainerSettings } from '../inputs.ts';

/** Why a candidate failed, in words: the cause first, then what shows it. */
export interface Dossier {
  diagnosis: string;
  facts: string[];
  /** The container's last lines. */
  log: string;
}

/** What the container was asked to be. */
interface Settings {
  container: ContainerSettings;
  healthPath: string;
  /** In seconds. */
  healthTimeout: number;
}

/** Makes the diagnosis from what the host saw. */
export function writeDossier(failure: Failure, settings: Settings): Dossier {
  return {
    diagnosis: diagnose(failure, settings),
    facts: listFacts(failure, settings),
    log: failure.log || failure.migrationLog || failure.programLog,
  };
}

function diagnose(failure: Failure, settings: Settings): string {
  if (failure.outOfMemory) return describeOutOfMemory(settings);
  if (isForeignBinary(failure)) {
    return (
      'The host cannot run the container\'s program ("exec format error"): it is for another processor architecture (leave the input ' +
      'platform empty, or set it to what the host is), or a script without a first line such as #!/bin/sh.'
    );
  }
  if (failure.code === 'wrong-architecture') {
    return `${sentence(failure.text)} Leave the input platform empty, or set it to what the host is.`;
  }
  if (failure.code === 'candidate-exited' || isMissingCommand(failure)) return describeExit(failure);
  if (failure.code === 'candidate-unhealthy') return describeSilence(failure, settings);
  return sentence(failure.text);
}

function describeOutOfMemory({ container }: Settings): string {
  const limit = container.memory === '' ? "the host's memory" : `its limit of ${container.memory}`;
  return `The container ran out of memory (${limit}) and was killed. Raise the input memory, or take a larger instance.`;
}

function isForeignBinary({ log, containerError }: Failure): boolean {
  return /exec format error/i.test(log + containerError);
}

/** Docker's own codes for a command that it cannot run, and those of a shell. */
function isMissingCommand({ exitCode }: Failure): boolean {
  return exitCode === 126 || exitCode === 127;
}

function describeExit(failure: Failure): string {
  const { exitCode, containerError } = failure;
  if (isMissingCommand(failure)) {
    return `The container's command cannot be run (exit code ${exitCode}). ${containerError}`.trim();
  }
  if (exitCode === 0) {
    return 'The container ended by itself with exit code 0 before it answered. Its command must keep running in the foreground.';
  }
  return `The container crashed at start: it ended with exit code ${exitCode} before it answered. Its last lines say why.`;
}

interface Socket {
  host: 'any' | 'loopback' | 'other';
  port: number;
}

/** The container runs and does not get healthy: look at where it listens, then at what it answers. */
function describeSilence(failure: Failure, settings: Settings): string {
  const wanted = settings.container.containerPort;
  const sockets = failure.listening.map(parseSocket);
  const onPort = sockets.filter(({ port }) => port === wanted);
  if (sockets.length === 0) {
    return `The container runs and listens on no port. The app must listen on port ${wanted}, or start faster than health-timeout (${settings.healthTimeout} s).`;
  }
  if (onPort.length === 0) {
    const ports = [...new Set(sockets.map(({ port }) => port))];
    return `The container listens on port ${ports.join(', ')}, not on ${wanted}. Set the input container-port to ${ports[0]}, or let the app listen on ${wanted}.`;
  }
  if (onPort.every(({ host }) => host === 'loopback')) {
    return `The container listens on port ${wanted} of its own loopback only. Let the app listen on 0.0.0.0.`;
  }
  return describeAnswers(failure, settings);
}

function describeAnswers({ answers }: Failure, { healthPath }: Settings): string {
  const [most] = [...answers].sort((a, b) => b.count - a.count);
  const status = most?.status ?? '000';
  if (status === '000') {
    return `The container takes connections and does not answer GET ${healthPath}. Is it still starting (raise health-timeout), or stuck?`;
  }
  if (status === '404') {
    return `The container answered 404 to GET ${healthPath}. Set the input health-path to a path that answers 2xx.`;
  }
  if (status.startsWith('3')) {
    return `The container answered ${status} to GET ${healthPath}: a redirect does not count. Set the input health-path to a path that answers 2xx itself.`;
  }
  return `The container answered ${status} to GET ${healthPath} (${most?.count} times) and never 2xx.`;
}

function listFacts(failure: Failure, { container, healthPath }: Settings): string[] {
  const answers = failure.answers.map(
    ({ status, count }) => `${status === '000' ? 'none' : status} × ${count}`,
  );
  const sockets = failure.listening.map(parseSocket);
  return [
    sentence(failure.text),
    ...fact('Exit code', failure.running === true ? undefined : failure.exitCode),
    ...fact('Docker says', failure.containerError),
    ...fact('Listens on', sockets.map(({ host, port }) => `${port} (${host})`).join(', ')),
    ...fact(`Answers to GET ${healthPath} on port ${container.containerPort}`, answers.join(', ')),
    ...fact('Last body', failure.healthBody),
    ...fact('Last connection error', failure.healthError),
  ];
}

function fact(name: string, value: string | number | undefined): string[] {
  return value === undefined || value === '' ? [] : [`${name}: ${String(value).trim()}`];
}

/** ADDRESS:PORT in hexadecimal, as the kernel writes it (proc_pid_net(5)). */
function parseSocket(text: string): Socket {
  const [address = '', port = ''] = text.split(':');
  return { host: hostOf(address), port: Number.parseInt(port, 16) };
}

function hostOf(address: string): Socket['host'] {
  if (/^0+$/.test(address)) return 'any';
  return address.endsWith('7F') || address === '00000000000000000000000001000000' ? 'loopback' : 'other';
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
