import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the test server's superuser. */
    postgresUrl: string;
  }
}

/** The bundle, which tests start as the image does: its programs start in half of the time that the sources take. */
function build(): void {
  execFileSync('npm', ['run', 'build'], { cwd: path.resolve(import.meta.dirname, '../..'), stdio: 'pipe' });
}

/** One bundle and one PostgreSQL server for all test files; each makes databases of its own on it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  build();
  project.onTestsRerun(async () => build());
  const server = await startPostgres();
  project.provide('postgresUrl', server.url);
  return () => server.stop();
}
