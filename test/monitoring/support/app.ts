import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { findFreePort } from '../../../example-app/test/support/ports.ts';
import { type PostgresServer, startPostgres } from '../../../example-app/test/support/postgres.ts';
import { exampleApp, installExampleApp } from '../../../scripts/example-app.ts';
import { until } from './until.ts';

/** What of the app a test decides. */
export interface Release {
  release: string;
  version?: string;
}

/** One release of the app as a process on this machine. */
export class RunningApp {
  readonly port: number;
  readonly #process: ChildProcess;

  constructor(port: number, process: ChildProcess) {
    this.port = port;
    this.#process = process;
  }

  /** Ends it as `docker stop` does. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill(signal);
    await once(this.#process, 'exit');
  }
}

/** The example app, on a PostgreSQL of its own. */
export class App {
  readonly #database: PostgresServer;
  readonly #started: RunningApp[] = [];
  #databaseIsStopped = false;

  private constructor(database: PostgresServer) {
    this.#database = database;
  }

  /** Starts the database and makes the app's tables. */
  static async prepare(): Promise<App> {
    await installExampleApp();
    const app = new App(await startPostgres());
    const { status, stdout, stderr } = spawnSync(process.execPath, ['src/migrate.ts', 'latest'], {
      cwd: exampleApp,
      env: { DATABASE_URL: app.#database.url },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`example-app/src/migrate.ts ended with ${status}:\n${stdout}${stderr}`);
    return app;
  }

  /** Starts a release, and waits until it is ready. */
  async start({ release, version = '1.0.0' }: Release): Promise<RunningApp> {
    const port = await findFreePort();
    const child = spawn(process.execPath, [join(exampleApp, 'src/server.ts')], {
      cwd: exampleApp,
      env: {
        DATABASE_URL: this.#database.url,
        PORT: String(port),
        LOG_LEVEL: 'error',
        VERSION: version,
        EC2_DEPLOY_RELEASE: release,
        RATE_LIMIT_PER_MINUTE: '100000',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const running = new RunningApp(port, child);
    this.#started.push(running);
    const errors = text(child.stderr);
    const ended = once(child, 'exit').then(async ([code]) => {
      throw new Error(`example-app ended with ${code}:\n${await errors}`);
    });
    // Only of interest until it is ready.
    ended.catch(() => undefined);
    const isReady = async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok;
    await Promise.race([until('the app is ready', isReady), ended]);
    return running;
  }

  /** From here on, whatever needs the database fails. */
  async stopDatabase(): Promise<void> {
    if (this.#databaseIsStopped) return;
    this.#databaseIsStopped = true;
    await this.#database.stop();
  }

  /** Ends all releases and the database for good. */
  async remove(): Promise<void> {
    await Promise.all(this.#started.map((running) => running.kill()));
    await this.stopDatabase();
  }
}
