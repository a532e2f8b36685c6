import { docker } from '../cloud/docker.ts';
import { CADDY_IMAGE, CLOUD_LABEL, containerName, networkName } from '../cloud/names.ts';

const SLOTS = 20;
/** Where the proxy itself answers that there is no host. */
const NOBODY = '127.0.0.1:81';
/** How long an AWS load balancer waits for a connection, and for an answer. */
const DIAL_TIMEOUT = '10s';
const ANSWER_TIMEOUT = '60s';

/** The load balancer's own container: a Caddy whose hosts are files, since reading its configuration anew cuts connections. */
export class BalancerProxy {
  /** Where the machine reaches the load balancer, as 127.0.0.1:PORT. */
  readonly address: string;
  readonly #container: string;
  #slots = '';

  private constructor(container: string, address: string) {
    this.#container = container;
    this.address = address;
  }

  /** Starts the container of a load balancer. */
  static async start(cloud: string, name: string): Promise<BalancerProxy> {
    const container = containerName(cloud, name);
    await docker('rm', '--force', container);
    await docker(
      ...['run', '--detach', '--init', `--name=${container}`, `--label=${CLOUD_LABEL}=${cloud}`],
      ...[`--network=${networkName(cloud)}`, '--publish=127.0.0.1::80'],
      ...[`--env=CONFIGURATION=${JSON.stringify(configuration())}`, CADDY_IMAGE, 'sh', '-c'],
      `mkdir /slots && for slot in ${slotNames().join(' ')}; do printf ${NOBODY} >/slots/$slot; done &&` +
        ' printf %s "$CONFIGURATION" >/config.json && exec caddy run --config /config.json',
    );
    return new BalancerProxy(container, await docker('port', container, '80/tcp'));
  }

  /** Spreads requests over these hosts from the next one on; those that are being answered go on to their end. */
  async sendTo(addresses: string[]): Promise<void> {
    const targets = addresses.length === 0 ? [NOBODY] : addresses;
    const slots = slotNames().map((_, index) => targets[index % targets.length] ?? NOBODY);
    if (slots.join() === this.#slots) return;
    const script =
      'cd /slots && while [ $# -gt 0 ]; do printf %s "$2" >new && mv new "$1" && shift 2 || exit 1; done';
    await docker(
      ...['exec', this.#container, 'sh', '-c', script, 'sh'],
      ...slotNames().flatMap((name, index) => [name, slots[index] ?? NOBODY]),
    );
    this.#slots = slots.join();
  }

  /** Removes the container. */
  async remove(): Promise<void> {
    await docker('rm', '--force', this.#container);
  }
}

function slotNames(): string[] {
  return Array.from({ length: SLOTS }, (_, index) => String(index).padStart(2, '0'));
}

/** A request goes to one host and to no other one when that fails: AWS's load balancer does not try again either. */
function configuration(): unknown {
  const toHosts = {
    handler: 'reverse_proxy',
    upstreams: slotNames().map((name) => ({ dial: `{file./slots/${name}}` })),
    load_balancing: { selection_policy: { policy: 'round_robin' } },
    transport: { protocol: 'http', dial_timeout: DIAL_TIMEOUT, response_header_timeout: ANSWER_TIMEOUT },
  };
  return {
    admin: { disabled: true },
    apps: {
      http: {
        servers: {
          balancer: { listen: [':80'], routes: [{ handle: [toHosts] }] },
          nobody: {
            listen: [NOBODY],
            routes: [{ handle: [{ handler: 'static_response', status_code: 503 }] }],
          },
        },
      },
    },
  };
}
