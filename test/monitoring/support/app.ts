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

/** The example app as a process on this machine, on a PostgreSQL of its own. */
export class App {
  readonly port: number;
  readonly #database: PostgresServer;
  #process: ChildProcess | undefined;

  private constructor(port: number, database: PostgresServer) {
    this.port = port;
    this.#database = database;
  }

  /** Starts the database and makes the app's tables. */
  static async prepare(): Promise<App> {
    await installExampleApp();
    const app = new App(await findFreePort(), await startPostgres());
    const { status, stdout, stderr } = spawnSync(process.execPath, ['src/migrate.ts', 'latest'], {
      cwd: exampleApp,
      env: { DATABASE_URL: app.#database.url },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`example-app/src/migrate.ts ended with ${status}:\n${stdout}${stderr}`);
    return app;
  }

  /** Starts a release, and waits until it answers. */
  async start({ release, version = '1.0.0' }: Release): Promise<void> {
    const child = spawn(process.execPath, [join(exampleApp, 'src/server.ts')], {
      cwd: exampleApp,
      env: {
        DATABASE_URL: this.#database.url,
        PORT: String(this.port),
        LOG_LEVEL: 'warn',
        VERSION: version,
        EC2_DEPLOY_RELEASE: release,
        RATE_LIMIT_PER_MINUTE: '100000',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process = child;
    const errors = text(child.stderr);
    const ended = once(child, 'exit').then(async ([code]) => {
      throw new Error(`example-app ended with ${code}:\n${await errors}`);
    });
    // Only of interest until it answers.
    ended.catch(() => undefined);
    await Promise.race([until('the app answers', () => this.#answers()), ended]);
  }

  async #answers(): Promise<boolean> {
    return (await fetch(`http://127.0.0.1:${this.port}/health`)).ok;
  }

  /** Ends the running release, as `docker stop` does. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  /** Ends the app and its database for good. */
  async remove(): Promise<void> {
    await this.kill();
    await this.stopDatabase();
  }

  /** From here on, whatever needs the database fails. */
  async stopDatabase(): Promise<void> {
    await this.#database.stop();
  }
}
