import { defineConfig } from 'vitest/config';
import { workers } from './test/cloud/support/name.ts';

/** Measures what a user would feel, so that nothing else may run meanwhile. */
const measuring = ['test/cloud/no-lost-request.test.ts'];

/** They wait more than they compute, until something is given up, is over or has booted, so that they go on beside the others. */
const waiting = [
  'cut-off',
  'fleet-loss',
  'drain',
  'hosts',
  'front-lost-hosts',
  'front-run-command',
  'template-boot',
].map((name) => `test/cloud/${name}.test.ts`);

/** Several suites share two cores: a test that ran out of its time gets a second try, and what is broken fails twice. */
const secondTry = { retry: 1 };

/** Files share their worker's process, and with it what they import: no test leaves anything behind in it. */
const sharedProcess = { isolate: false };

/** The limits are for a test that hangs: a busy machine must not reach them. */
const patient = { testTimeout: 600_000, hookTimeout: 600_000 };

const cloud = { ...patient, globalSetup: ['test/cloud/support/global-setup.ts'] };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...secondTry,
          ...sharedProcess,
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...secondTry,
          ...sharedProcess,
          name: 'monitoring',
          include: ['test/monitoring/**/*.test.ts'],
          ...patient,
          // The longest one waits, and the others are done by then.
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...cloud,
          ...secondTry,
          ...sharedProcess,
          name: 'cloud',
          include: ['test/cloud/**/*.test.ts'],
          exclude: [...measuring, ...waiting],
          maxWorkers: workers,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...cloud,
          ...secondTry,
          ...sharedProcess,
          name: 'cloud-waiting',
          include: waiting,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          ...cloud,
          name: 'cloud-load',
          include: measuring,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
