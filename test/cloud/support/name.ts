/**
 * How many test files run side by side, each with a cloud of its own: one file's faults must not meet another's deploy. With three on
 * two processors each takes so much longer that all of them do.
 */
export const workers = Number(process.env['TEST_WORKERS'] ?? 2);

const prefix = process.env['TEST_CLOUD'] ?? 'ec2-deploy-test';

/** The names of all the clouds. */
export const testClouds = Array.from({ length: workers }, (_, index) => `${prefix}-${index + 1}`);

/** The cloud of the worker that runs this file; workers are numbered from 1. */
export const testCloud = `${prefix}-${process.env['VITEST_POOL_ID'] ?? '1'}`;
