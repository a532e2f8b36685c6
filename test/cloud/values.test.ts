import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newAppName } from './support/app-state.ts';
import { type BorrowedHost, borrowHost, deploy, putSecret } from './support/cloud.ts';
import { commandOf, environmentOf } from './support/inside.ts';
import { createSecret } from './support/secrets.ts';

/** Two deploys show many values. A failure names the seed: VALUES_SEED makes the same values again. */
const seed = Number(process.env['VALUES_SEED'] ?? Date.now() % 2 ** 31);
const app = newAppName('values');
let host: BorrowedHost;

beforeAll(async () => {
  host = await borrowHost();
});

afterAll(() => host.giveBack());

function sample<T>(values: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(values, { seed, numRuns: count });
}

/** Texts that a shell, docker, the agent, GitHub or a parser would take for something else. */
const fragments = [
  ...[
    '$(id)',
    '`id`',
    '$HOME',
    `$${'{HOME}'}`,
    '$$',
    '!!',
    '~',
    '*',
    '\\',
    '\\n',
    "'",
    '"',
    "'\\''",
    '#',
    ';',
    '&&',
  ],
  ...[
    '%',
    '%0A',
    '%s',
    '{{ssm:x}}',
    '{{ commands }}',
    `$${'{{ github.token }}'}`,
    '{{.State}}',
    '<<END',
    '=',
    '==',
    'A=b',
  ],
  ...[
    ' ',
    '  ',
    '\t',
    '\r',
    '\n',
    '\r\n',
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\u0001',
    '\u007f',
    '\u001f',
    '\u0085',
  ],
  ...[
    'é',
    'e\u0301',
    '日本',
    '😀',
    '👩‍👩‍👧',
    '\u{10ffff}',
    '::set-output name=x::y',
    '-e',
    '--',
    '***',
    'EOF',
    'null',
  ],
];

/** Everything but NUL, which no environment can hold, and half surrogates, which are no text. */
const anything = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\0', '\u0001'));
const awkward = fc.array(fc.constantFrom(...fragments), { maxLength: 3 }).map((parts) => parts.join(''));
const values = fc.oneof(anything, awkward);

function numbered(prefix: string, those: string[]): [name: string, value: string][] {
  return those.map((value, index) => [`${prefix}${String(index).padStart(3, '0')}`, value]);
}

/** Writes a variable as the input has it: on one line where that can hold it, else between delimiters. */
function line([name, value]: [string, string], index: number): string {
  const oneLine = !value.includes('\n') && index % 4 !== 0;
  return oneLine ? `${name}=${value}` : `${name}<<END OF VALUE\n${value}\nEND OF VALUE`;
}

function lines(variables: [string, string][]): string {
  return variables.map(line).join('\n');
}

/** Of the container's variables those that were asked for, in their order. */
async function arrived(release: string | undefined, wanted: [string, string][]): Promise<unknown[]> {
  const environment = await environmentOf(host, `${app}-${release}`);
  return wanted.map(([name]) => [name, environment.get(name)]);
}

describe('many random values arrive byte for byte', () => {
  const variables = numbered('V', [...fragments, ...sample(values, 100)]);
  const members = numbered('M', [...sample(values, 50), 'm'.repeat(10_000)]);
  const [surprise] = sample(anything, 1);
  const wholes = numbered('W', ['ends in line breaks\n\n', '{"a":"{{b}}"}', 'a\r\nb\tc', `_${surprise}`]);
  const parameters = numbered('P', [' \t $$ blanks around \t ', '$(id)\n\n', 'ä😀'.repeat(600)]);
  let release: string | undefined;

  beforeAll(async () => {
    const arn = await createSecret(JSON.stringify(Object.fromEntries(members), null, 2));
    const arns = await Promise.all(wholes.map(([, value]) => createSecret(value)));
    for (const [name, value] of parameters) await putSecret(`/${app}/${name}`, value);
    const { exitCode, outputs, log } = await deploy(host, {
      'app-name': app,
      env: lines(variables),
      secrets: [
        ...members.map(([name]) => `${name}=${arn}:${name}::`),
        ...wholes.map(([name], index) => `${name}=${arns[index]}`),
        ...parameters.map(([name]) => `${name}=/${app}/${name}`),
      ].join('\n'),
    });
    expect(exitCode, `seed ${seed}\n${log}`).toBe(0);
    release = outputs['release'];
  });

  test.each([
    ['the input env', variables],
    ['members of a JSON secret in Secrets Manager', members],
    ['secrets in Secrets Manager', wholes],
    ['SecureStrings in Parameter Store', parameters],
  ])('from %s', async (_, wanted) => {
    expect(await arrived(release, wanted), `seed ${seed}`).toEqual(wanted);
  });
});

describe('what stands in the way of others arrives, too', () => {
  // Names that bash or the program on the host has for itself; with a line break they do not fit docker's file of variables.
  const names = [
    ...[
      'plan',
      'live',
      'options',
      'environment',
      'secrets',
      'name',
      'status',
      'work',
      'pair',
      'value',
      'state',
      'release',
    ],
    ...[
      'REPLY',
      'RANDOM',
      'SECONDS',
      'LINENO',
      'IFS',
      'OPTIND',
      'GROUPS',
      'FUNCNAME',
      'LC_ALL',
      'AWS_REGION',
      'PWD',
    ],
  ];
  const variables: [string, string][] = [
    ['LONG', 'x%'.repeat(5_000)],
    ...names.map((name) => [name, `${name} one\ntwo`] satisfies [string, string]),
  ];
  const words = ['', ' ', ...fragments.filter((fragment) => !fragment.includes('\0')), ...sample(values, 20)];
  let release: string | undefined;

  beforeAll(async () => {
    const serve = 'caddy run --config /etc/caddy/Caddyfile --adapter caddyfile; :';
    const { exitCode, outputs, log } = await deploy(host, {
      'app-name': app,
      env: lines(variables),
      command: ['sh', '-c', serve, 'sh', ...words].map(quote).join(' '),
    });
    expect(exitCode, `seed ${seed}\n${log}`).toBe(0);
    release = outputs['release'];
  });

  test('10,000 characters, and names that the host uses itself', async () => {
    expect(await arrived(release, variables)).toEqual(variables);
  });

  test('the words of a command', async () => {
    const [, , , , ...given] = await commandOf(host, `${app}-${release}`);

    expect(given, `seed ${seed}`).toEqual(words);
  });
});

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
