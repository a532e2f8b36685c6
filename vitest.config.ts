import { defineConfig } from 'vitest/config';
import { workers } from './test/cloud/support/name.ts';

/** Measures what a user would feel, so that nothing else may run meanwhile. */
const measuring = ['test/cloud/no-lost-request.test.ts'];

const cloud = {
  globalSetup: ['test/cloud/support/global-setup.ts'],
  testTimeout: 180_000,
  hookTimeout: 300_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'monitoring',
          include: ['test/monitoring/**/*.test.ts'],
          testTimeout: 30_000,
          // They wait more than they compute.
          maxWorkers: 4,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          ...cloud,
          name: 'cloud',
          include: ['test/cloud/**/*.test.ts'],
          exclude: measuring,
          maxWorkers: workers,
          sequence: { groupOrder: 1 },
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
