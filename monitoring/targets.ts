import { isIPv4, isIPv6 } from 'node:net';

/** A host that Prometheus asks: one entry of its file_sd format. */
export interface Target {
  targets: [address: string];
  labels: TargetLabels;
}

/** Labels with two underscores steer the scrape jobs and are not stored. */
export interface TargetLabels {
  app: string;
  __metrics_port: string;
  /** There only for hosts that run node_exporter. */
  __node_port?: string;
}

/** What all addresses of one command have in common. */
export interface TargetSettings {
  app: string;
  metricsPort: string;
  nodePort?: string;
}

/** An argument is not what it has to be; the message says which and what is allowed. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

const HOST_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * Checks an address and writes it as Prometheus takes it, an IPv6 address in brackets.
 * @param text IP address or name of a host, without scheme and port
 * @throws ArgumentError when it is none
 */
export function parseAddress(text: string): string {
  if (isIPv4(text)) return text;
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (isIPv6(bare)) return `[${bare.toLowerCase()}]`;
  const labels = text.split('.');
  // A last label of digits only would be an IPv4 address with a typing error.
  const isName = text.length <= 253 && labels.every((label) => HOST_LABEL.test(label));
  if (isName && !/^\d+$/.test(labels.at(-1) ?? '')) return text.toLowerCase();
  throw new ArgumentError(
    `"${text}" is no address: write the IP address or the name of a host, without http:// and without a port ` +
      '(the port is --metrics-port)',
  );
}

/** @throws ArgumentError when the text is no TCP port */
export function parsePort(option: string, text: string): string {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return String(port);
  throw new ArgumentError(`${option} is "${text}": write a port from 1 to 65535`);
}

/** @throws ArgumentError when the text cannot be an app's name, see the action's input app-name */
export function parseApp(text: string): string {
  if (/^[a-z][a-z0-9-]{0,28}[a-z0-9]$/.test(text)) return text;
  throw new ArgumentError(
    `--app is "${text}": write 2 to 30 lower-case letters, digits and hyphens, as in the action's app-name`,
  );
}

/** Adds hosts, or changes the settings of those that are there. */
export function withTargets(
  current: readonly Target[],
  addresses: readonly string[],
  settings: TargetSettings,
): Target[] {
  const added = addresses.map((address): Target => ({ targets: [address], labels: labelsOf(settings) }));
  return [...withoutTargets(current, addresses), ...added].sort((one, other) =>
    one.targets[0].localeCompare(other.targets[0], 'en'),
  );
}

function labelsOf({ app, metricsPort, nodePort }: TargetSettings): TargetLabels {
  const labels = { app, __metrics_port: metricsPort };
  return nodePort === undefined ? labels : { ...labels, __node_port: nodePort };
}

export function withoutTargets(current: readonly Target[], addresses: readonly string[]): Target[] {
  return current.filter(({ targets: [address] }) => !addresses.includes(address));
}
