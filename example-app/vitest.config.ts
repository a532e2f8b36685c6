import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Files share their worker's process, and with it what they import: no test leaves anything behind in it.
    isolate: false,
    maxWorkers: 2,
    // Many start programs, which takes seconds on a machine that is busy with other things.
    testTimeout: 60_000,
    // One that ran out of its time gets a second try there; what is broken fails twice.
    retry: process.env['CI'] === undefined ? 0 : 1,
    hookTimeout: 60_000,
  },
});
