import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodePlan } from '../../src/host/protocol.ts';
import { runProgram } from './support/host-program.ts';

/** Every character that an environment can hold; bash treats \u0001 and \u007f as its own in places. */
const texts = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '\u0001')),
  fc.string({ unit: fc.constantFrom(...' \t\n\r"\\/{}[]:,$`\'*?!&\u0001\u007fäé€😀nu0'), maxLength: 30 }),
);

/** What json_member says of each pair of text and key: the member's value, or undefined. */
function members(questions: { json: string; key: string }[]): (string | undefined)[] {
  const script = `
    while next; do
      json=$REPLY
      next
      if json_member "$json" "$REPLY"; then field "found$REPLY"; else field missing; fi
    done`;
  const answers = runProgram(
    script,
    questions.flatMap(({ json, key }) => [json, key]),
  );
  return answers.map((answer) => (answer === 'missing' ? undefined : answer.slice('found'.length)));
}

/** JSON in which every character of every string is written as \uXXXX. */
function escaped(value: unknown): string {
  if (typeof value === 'string') {
    const units = Array.from({ length: value.length }, (_, index) => value.charCodeAt(index));
    return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
  }
  if (Array.isArray(value)) return `[${value.map(escaped).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${escaped(key)}:${escaped(member)}`)
    .join(',')}}`;
}

const writers: [string, (value: unknown) => string][] = [
  ['as JSON.stringify writes it', (value) => JSON.stringify(value)],
  ['on indented lines', (value) => JSON.stringify(value, null, '\t')],
  ['with white space around everything', (value) => ` \r\n${JSON.stringify(value, null, 2)}\n `],
  ['with slashes escaped', (value) => JSON.stringify(value).replaceAll('/', '\\/')],
  ['with every character escaped', escaped],
  [
    'with escapes in capitals',
    (value) => escaped(value).replace(/\\u.{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`),
  ],
];

describe('a member of a JSON object, read by bash', () => {
  const { tree: values } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      texts,
      fc.double({ noDefaultInfinity: true, noNaN: true }).map((number) => number + 0),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(texts, tie('tree'), { maxKeys: 3 }),
    ),
  }));
  const objects = fc.dictionary(texts, values, { maxKeys: 6 });

  test.each(writers)('is what JSON.parse gives, %s', (_, write) => {
    // Many in one run of bash, whose start takes longer than its answers.
    const scenes = fc.array(fc.tuple(objects, texts), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(scenes, (those) => {
        const questions = those.flatMap(([object, absent]) =>
          [...Object.keys(object), absent].map((key) => ({ object, key, json: write(object) })),
        );

        const found = members(questions);

        questions.forEach(({ object, key }, index) => {
          const member = Object.hasOwn(object, key) ? object[key] : undefined;
          const read = found[index];
          if (typeof member === 'string' || member === undefined) expect(read).toBe(member);
          else expect(JSON.parse(read ?? '""')).toEqual(member);
        });
      }),
      { numRuns: 3 },
    );
  });

  test.each([
    ['a number', '{"a":-1.50e+3}', '-1.50e+3'],
    ['null', '{"a":null}', 'null'],
    [
      'an object with braces in its texts',
      '{"b":"}","a": {"c":"]}\\"", "d":[{}]} }',
      '{"c":"]}\\"", "d":[{}]}',
    ],
    ['empty', '{"a":""}', ''],
    ['the last of a large secret', JSON.stringify({ b: 'x'.repeat(60_000), a: 'y' }), 'y'],
  ])('%s is returned as it is written', (_, json, value) => {
    expect(members([{ json, key: 'a' }])).toEqual([value]);
  });

  test.each([
    ['text that is no JSON', 'a=1'],
    ['nothing', ''],
    ['an array', '["a"]'],
    ['a string', '"a"'],
    ['an object without it', '{"b":{"a":1}}'],
    ['an object cut off in a text', '{"a":"x'],
    ['an object cut off in an array', '{"a":[1,2'],
    ['an escape that is cut off', '{"a":"\\u12'],
    ['an escape that is no number', '{"a":"\\uZZZZ"}'],
    ['an escape that is an expression', '{"a":"\\u1+1="}'],
    ['half of a character', '{"a":"\\ud83d"}'],
    ['half of a character and a whole one', '{"a":"\\ud83d\\u0041"}'],
    ['a NUL character, which no environment can hold', '{"a":"\\u0000"}'],
  ])('is missing in %s', (_, json) => {
    expect(members([{ json, key: 'a' }])).toEqual([undefined]);
  });
});

describe('the plan, read by bash', () => {
  test('is what was encoded, byte for byte and in order', () => {
    const lists = { env: texts, secret: texts, command: texts, migrate: texts, volume: texts };
    const plans = fc.record({
      strings: fc.record({ region: texts, 'proxy-config': texts, 'health-path': texts }),
      lists: fc.record({
        ...Object.fromEntries(
          Object.entries(lists).map(([key, text]) => [key, fc.array(text, { maxLength: 5 })]),
        ),
      }) as fc.Arbitrary<Record<string, string[]>>,
    });
    const script = `
      while next; do
        start_afresh
        EC2_DEPLOY_PLAN=$REPLY
        read_plan || exit 1
        for key in app verbs region proxy-config health-path; do field "\${plan[$key]}"; done
        for list in environment secrets command_words migrate_words volumes; do
          declare -n values=$list
          field "\${#values[@]}"
          for value in "\${values[@]}"; do field "$value"; done
        done
      done`;
    fc.assert(
      fc.property(fc.array(plans, { minLength: 20, maxLength: 20 }), (those) => {
        const encoded = those.map(({ strings, lists }) =>
          encodePlan({ app: 'shop', verbs: 'prepare switch', ...strings, ...lists }),
        );

        expect(runProgram(script, encoded)).toEqual(
          those.flatMap(
            ({ strings, lists: { env = [], secret = [], command = [], migrate = [], volume = [] } }) => [
              ...['shop', 'prepare switch', strings.region, strings['proxy-config'], strings['health-path']],
              ...[env, secret, command, migrate, volume].flatMap((list) => [String(list.length), ...list]),
            ],
          ),
        );
      }),
      { numRuns: 3 },
    );
  });

  test.each(['', 'not base64'])('is refused when it is %j', (encoded) => {
    expect(
      runProgram('next\nEC2_DEPLOY_PLAN=$REPLY\nread_plan 2>/dev/null && field read || field refused', [
        encoded,
      ]),
    ).toEqual(['refused']);
  });
});

describe('redaction, by bash', () => {
  interface Scene {
    secrets: string[];
    text: string;
  }

  function redactAll(scenes: Scene[]): string[] {
    const script = `
      while next; do
        secret_values=()
        count=$REPLY
        for ((index = 0; index < count; index++)); do next; remember_secret "$REPLY"; done
        next
        redact "$REPLY"
        field "$REPLY"
      done`;
    return runProgram(
      script,
      scenes.flatMap(({ secrets, text }) => [String(secrets.length), ...secrets, text]),
    );
  }

  function redact(secrets: string[], text: string): string {
    return redactAll([{ secrets, text }])[0] ?? '';
  }

  test('takes out every value, whatever characters it has and whatever other value it begins with', () => {
    const secret = fc.string({
      unit: fc.constantFrom(...'ABC*?[]\\&$`"\'(){}!~#/%€'),
      minLength: 4,
      maxLength: 12,
    });
    const secrets = fc
      .array(secret, { minLength: 1, maxLength: 4 })
      .map((those) => [
        ...those,
        ...those.map((value) => `${value}A€`),
        ...those.map((value) => `B"${value}`),
      ]);
    const plain = fc.string({ unit: fc.constantFrom(...'xyz \n\tä'), minLength: 1 });
    const scenes = secrets.chain((those) =>
      fc.record({
        secrets: fc.shuffledSubarray(those, { minLength: those.length }),
        pieces: fc.array(fc.tuple(plain, fc.constantFrom(...those))),
      }),
    );
    fc.assert(
      fc.property(fc.array(scenes, { minLength: 20, maxLength: 20 }), (those) => {
        const redacted = redactAll(
          those.map(({ secrets: values, pieces }) => ({
            secrets: values,
            text: pieces.map(([before, value]) => before + value).join(''),
          })),
        );

        expect(redacted).toEqual(
          those.map(({ pieces }) => pieces.map(([before]) => `${before}***`).join('')),
        );
      }),
      { numRuns: 3 },
    );
  });

  test('takes out the lines of a value of several lines, whatever its line breaks are', () => {
    const printed = 'key: line-one\nline-two, then "line-three"';

    expect(redact(['line-one\nline-two\nline-three'], printed)).toBe('key: ***\n***, then "***"');
    expect(redact(['line-one\r\nline-two\r\nline-three\r\n'], printed)).toBe('key: ***\n***, then "***"');
  });

  test('takes out a value that was written as JSON', () => {
    const value = 'pass"word\\with\ttab\nand more';

    expect(redact([value], JSON.stringify({ value }))).toBe('{"value":"***\\n***"}');
  });

  test('cuts a long text after it has taken the values out, so that none is cut in two', () => {
    const secret = 'marker-'.repeat(20);
    const script = 'next; remember_secret "$REPLY"; next; redacted_end 100 <<<"$REPLY"; field "$REPLY"';

    for (const after of [0, 60, 100, 200]) {
      const text = `${'x'.repeat(300)}${secret}${'y'.repeat(after)}`;
      expect(runProgram(script, [secret, text])).toEqual([
        `${'x'.repeat(300)}***${'y'.repeat(after)}`.slice(-100),
      ]);
    }
  });

  test('leaves a text alone that has no value in it', () => {
    expect(redact(['abc', '*', '.*', 'secret'], 'abc .* secre t')).toBe('abc .* secre t');
  });
});
