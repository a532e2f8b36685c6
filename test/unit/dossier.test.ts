import { describe, expect, test } from 'vitest';
import type { Failure } from '../../src/host/protocol.ts';
import { writeDossier } from '../../src/report/dossier.ts';

const failure: Failure = {
  code: 'candidate-unhealthy',
  text: 'the container did not answer.',
  exitCode: 0,
  outOfMemory: false,
  running: true,
  containerError: '',
  listening: [],
  answers: [],
  healthBody: '',
  healthError: '',
  log: 'last line',
  migrationLog: '',
  programLog: '',
};

const settings = {
  container: {
    containerPort: 8000,
    hostPort: 80,
    metricsPort: undefined,
    metricsPath: '/metrics',
    environment: [],
    secrets: [],
    memory: '512m',
    cpus: '',
    readOnly: false,
    command: [],
    volumes: [],
  },
  healthPath: '/health',
  healthTimeout: 60,
};

function diagnosis(facts: Partial<Failure>): string {
  return writeDossier({ ...failure, ...facts }, settings).diagnosis;
}

describe('the diagnosis', () => {
  test.each<[string, Partial<Failure>, string]>([
    [
      'out of memory',
      { code: 'candidate-exited', outOfMemory: true, exitCode: 137 },
      'The container ran out of memory (its limit of 512m) and was killed. Raise the input memory, or take a larger instance.',
    ],
    [
      'a binary of another architecture',
      { code: 'candidate-exited', exitCode: 1, log: 'exec /app: exec format error' },
      '("exec format error"): it is for another processor architecture',
    ],
    [
      'an image of another architecture',
      { code: 'wrong-architecture', text: 'the image is built for arm64, the host is x86_64.' },
      'The image is built for arm64, the host is x86_64. Leave the input platform empty',
    ],
    ['a crash', { code: 'candidate-exited', exitCode: 3 }, 'it ended with exit code 3 before it answered'],
    [
      'a command that is missing',
      { code: 'candidate-exited', exitCode: 127 },
      'cannot be run (exit code 127)',
    ],
    ['a command that ends', { code: 'candidate-exited', exitCode: 0 }, 'must keep running in the foreground'],
    ['nobody listening', {}, 'listens on no port. The app must listen on port 8000'],
    [
      'another port',
      { listening: ['00000000:0BB8', '00000000000000000000000000000000:0BB8'] },
      'listens on port 3000, not on 8000. Set the input container-port to 3000',
    ],
    [
      'loopback only',
      { listening: ['0100007F:1F40'] },
      'of its own loopback only. Let the app listen on 0.0.0.0.',
    ],
    [
      'loopback only, of version 6',
      { listening: ['00000000000000000000000001000000:1F40'] },
      'of its own loopback only',
    ],
    [
      'errors',
      {
        listening: ['00000000:1F40'],
        answers: [
          { status: '500', count: 57 },
          { status: '000', count: 2 },
        ],
      },
      'answered 500 to GET /health (57 times) and never 2xx',
    ],
    [
      'a wrong path',
      { listening: ['00000000:1F40'], answers: [{ status: '404', count: 5 }] },
      'Set the input health-path',
    ],
    [
      'a redirect',
      { listening: ['00000000:1F40'], answers: [{ status: '301', count: 5 }] },
      'a redirect does not count',
    ],
    [
      'silence',
      { listening: ['00000000:1F40'], answers: [{ status: '000', count: 5 }] },
      'takes connections and does not answer GET /health',
    ],
    ['anything else', { code: 'disk-full', text: 'the host has 12 MiB free.' }, 'The host has 12 MiB free.'],
  ])('of %s', (_, facts, words) => {
    expect(diagnosis(facts)).toContain(words);
  });
});

describe('the facts', () => {
  test('tell what was seen, in words', () => {
    const { facts, log } = writeDossier(
      {
        ...failure,
        listening: ['0100007F:1F40'],
        answers: [{ status: '000', count: 12 }],
        healthError: 'curl: (7) Failed to connect',
      },
      settings,
    );

    expect(facts).toEqual([
      'The container did not answer.',
      'Listens on: 8000 (loopback)',
      'Answers to GET /health on port 8000: none × 12',
      'Last connection error: curl: (7) Failed to connect',
    ]);
    expect(log).toBe('last line');
  });

  test("a failed migration shows the migration's own lines", () => {
    const dossier = writeDossier(
      { ...failure, code: 'migration-failed', log: '', migrationLog: 'no such table' },
      settings,
    );

    expect(dossier.log).toBe('no such table');
  });
});
