import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { parseDocument } from 'yaml';
import { findFreePort } from '../../../example-app/test/support/ports.ts';
import { root, run } from '../../../scripts/checks.ts';
import { metricsConfig, proxyConfig } from '../../../src/rollout/proxy-config.ts';
import { App, type Release, type RunningApp } from './app.ts';
import { Prometheus } from './prometheus.ts';
import { bringMonitoringImages } from './tools.ts';

/** An alert as Alertmanager's webhook tells it. */
export interface ToldAlert {
  status: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

const FILES = ['monitoring/compose.yaml', 'test/monitoring/support/compose.yaml'];
/** Grafana is not started: it is in no package of Debian. */
const SERVICES = ['prometheus', 'alertmanager', 'proxy', 'host', 'node'];
const SLOTS = 20;

/**
 * The shipped Prometheus and Alertmanager, started by the shipped compose file and configuration, beside a host with the real app.
 * Only the intervals are shorter.
 */
export class Stack {
  readonly prometheus: Prometheus;
  /** Where users reach the app: the proxy's port on the loopback interface. */
  readonly address: string;
  /** What Alertmanager told its webhook so far. */
  readonly told: ToldAlert[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'monitoring-'));
  readonly #environment: Record<string, string>;
  readonly #webhook: Server;
  readonly #app: Promise<App> = App.prepare();
  #live: RunningApp | undefined;

  private constructor(ports: { prometheus: number; alertmanager: number; proxy: number }) {
    this.prometheus = new Prometheus(`http://127.0.0.1:${ports.prometheus}`);
    this.address = `http://127.0.0.1:${ports.proxy}`;
    this.#environment = {
      TEST_FOLDER: this.#folder,
      COMPOSE_PROJECT_NAME: `monitoring-test-${process.pid}`,
      PROMETHEUS_PORT: String(ports.prometheus),
      ALERTMANAGER_PORT: String(ports.alertmanager),
      PROXY_PORT: String(ports.proxy),
    };
    this.#webhook = createServer(async (request, answer) => {
      const { alerts } = (await json(request)) as { alerts: ToldAlert[] };
      this.told.push(...alerts);
      answer.end();
    });
  }

  /** Starts everything but a release of the app; the caller deploys that. */
  static async start(): Promise<Stack> {
    await bringMonitoringImages();
    const [prometheus, alertmanager, proxy] = [
      await findFreePort(),
      await findFreePort(),
      await findFreePort(),
    ];
    const stack = new Stack({ prometheus, alertmanager, proxy });
    try {
      await stack.#configure();
      await Promise.all([stack.#app, stack.#startContainers()]);
      await stack.target('host', '--metrics-port', '80', '--node');
      return stack;
    } catch (error) {
      await stack.remove();
      throw error;
    }
  }

  async #startContainers(): Promise<void> {
    try {
      await this.#compose('up', '--detach', '--wait', ...SERVICES);
    } catch (error) {
      throw new Error(`${error}\n${await this.#compose('logs', '--tail', '20')}`);
    }
  }

  async #configure(): Promise<void> {
    for (const part of ['prometheus', 'alertmanager'])
      cpSync(join(root, 'monitoring', part), join(this.#folder, part), { recursive: true });
    for (const own of ['prometheus/targets', 'prometheus/scrape.d', 'alertmanager/receivers']) {
      rmSync(join(this.#folder, own), { recursive: true });
      mkdirSync(join(this.#folder, own));
    }
    this.#shortenIntervals();
    await new Promise<void>((resolve) => this.#webhook.listen(0, resolve));
    const { port } = this.#webhook.address() as AddressInfo;
    this.#write('alertmanager/receivers/webhook-url', `http://host.docker.internal:${port}/`);
    mkdirSync(join(this.#folder, 'state/slots'), { recursive: true });
    this.#write('state/proxy.json', proxyConfig('/metrics'));
    this.#write('state/metrics.json', metricsConfig('proxy', '/metrics'));
  }

  /** Puts a release live as the action does: started beside the old one, then traffic moves, then the old one ends. */
  async deploy(release: Release): Promise<void> {
    const previous = this.#live;
    this.#live = await (await this.#app).start(release);
    for (let slot = 0; slot < SLOTS; slot++) {
      const file = `state/slots/${String(slot).padStart(2, '0')}`;
      this.#write(`${file}.new`, `host.docker.internal:${this.#live.port}`);
      renameSync(join(this.#folder, `${file}.new`), join(this.#folder, file));
    }
    await previous?.stop();
  }

  /** Ends the live release as a crash does. */
  async crash(): Promise<void> {
    await this.#live?.kill();
  }

  /** From here on, whatever needs the database fails. */
  async stopDatabase(): Promise<void> {
    await (await this.#app).stopDatabase();
  }

  #shortenIntervals(): void {
    const file = 'prometheus/prometheus.yml';
    const config = parseDocument(readFileSync(join(this.#folder, file), 'utf8'));
    for (const interval of ['scrape_interval', 'scrape_timeout', 'evaluation_interval'])
      config.setIn(['global', interval], '1s');
    this.#write(file, config.toString());
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text);
  }

  /** Runs `npm run monitoring:target` for this stack's Prometheus. */
  async target(...args: string[]): Promise<string> {
    return await this.#run(process.execPath, 'monitoring/target.ts', ...args);
  }

  async #compose(...args: string[]): Promise<string> {
    return await this.#run('docker', 'compose', ...FILES.flatMap((file) => ['--file', file]), ...args);
  }

  async #run(command: string, ...args: string[]): Promise<string> {
    const environment = { ...this.#environment, MONITORING_FOLDER: join(this.#folder, 'prometheus') };
    const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const { code, output } = await run('env', [...assignments, command, ...args]);
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  async remove(): Promise<void> {
    await this.#compose('down', '--volumes', '--timeout', '1');
    // One that could not be prepared has nothing to remove.
    await (await this.#app.catch(() => undefined))?.remove();
    this.#webhook.closeAllConnections();
    this.#webhook.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
