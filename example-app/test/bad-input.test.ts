import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation, Paths } from '../src/openapi/operation.ts';
import { createMigratedDatabase, type TestDatabase } from './support/databases.ts';
import { description, requireDescribed } from './support/described-answers.ts';
import { RawClient, type RawRequest } from './support/raw-requests.ts';
import { type RunningApp, startApp } from './support/running-app.ts';
import { until } from './support/until.ts';

/** Always the same ones, so that a failure is one of the code. */
const SETTINGS = { seed: 20_261_123, numRuns: 120 };

const paths: Paths = description.paths;
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

let database: TestDatabase;
let app: RunningApp;
let client: RawClient;

beforeAll(async () => {
  database = await createMigratedDatabase();
  app = await startApp(database.url);
  client = new RawClient(app.url);
  await until('everything can be served', async () => (await app.get('/ready')).status === 200);
  // Its id, 1, is among the numbers below.
  await app.post('/items', { name: 'Tea' });
});

afterAll(async () => {
  client.close();
  await app.stop();
  await database.drop();
});

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', ' ', '\u0000', '%', '../..', "'; drop table item; --", 'null', 'NaN', '𝕏', '\ufeff'),
);

const number = fc.oneof(
  fc.integer().map(String),
  fc.constantFrom('0', '-0', '1', '1.0', '1e3', '0x1', '+1', '٣', '9007199254740993', '9'.repeat(400)),
);

const segment = fc.oneof(
  fc
    .oneof(number, text)
    .map(toPathSegment)
    .filter((encoded) => encoded !== ''),
  // Percent signs that encode nothing, or no UTF-8.
  fc.constantFrom('%', '%zz', '%ff', '%00', '%2F', '%c3%28', '.', '..', ';', '*'),
);

/** Unpaired surrogates cannot be encoded. */
function toPathSegment(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

function toPath(template: string): fc.Arbitrary<string> {
  const parts = template.split(/\{\w+\}/);
  return fc
    .array(segment, { minLength: parts.length - 1, maxLength: parts.length - 1 })
    .map((values) => parts.map((part, index) => part + (values[index] ?? '')).join(''));
}

function toQuery({ parameters = [] }: Operation): fc.Arbitrary<string> {
  const known = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  const name = fc.oneof(text, fc.constantFrom('limit', ...known));
  const pair = fc
    .tuple(name, fc.oneof(number, text))
    .map((both) => both.map((part) => toPathSegment(part)).join('='));
  const wild = fc.constantFrom('%', '&&&', '=', '?a[b]=1', '__proto__=1', 'limit', 'limit[]=1');
  return fc.array(fc.oneof(pair, wild), { maxLength: 4 }).map((pairs) => pairs.join('&'));
}

/** JSON that resembles what is wanted: its fields, with anything in them. */
function toLookalike({ requestBody }: Operation): fc.Arbitrary<unknown> {
  const reference = JSON.stringify(requestBody ?? {}).match(/#\/components\/schemas\/(\w+)/)?.[1];
  const schemas: Readonly<Record<string, { properties?: object }>> = description.components.schemas;
  const fields = Object.keys(schemas[reference ?? '']?.properties ?? {});
  const value = fc.oneof(
    fc.jsonValue(),
    text,
    fc.array(text, { maxLength: 70 }),
    fc.constant('x'.repeat(3_000)),
    // Good ones, so that one wrong thing at a time gets past the first check.
    { weight: 3, arbitrary: fc.constantFrom('Tea', ['Tea is good.', 'Cold tea is not.']) },
  );
  const wanted = fc.record(Object.fromEntries(fields.map((field) => [field, value])), { requiredKeys: [] });
  return fc.oneof(
    wanted,
    fc.tuple(wanted, fc.dictionary(text, value)).map(([a, b]) => ({ ...b, ...a })),
  );
}

function toBody(operation: Operation): fc.Arbitrary<Uint8Array | undefined> {
  const lookalike = toLookalike(operation).map((value) => JSON.stringify(value));
  const json = fc.jsonValue().map((value) => JSON.stringify(value));
  const broken = lookalike.map((whole) => whole.slice(0, -1));
  const written = fc.oneof(
    { weight: 5, arbitrary: lookalike },
    json,
    broken,
    text,
    fc.constant('['.repeat(10_000)),
  );
  return fc.oneof(
    { weight: 5, arbitrary: written.map((body) => Buffer.from(body)) },
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom(undefined, Buffer.alloc(600_000, ' ')),
  );
}

const contentType = fc.oneof(
  { weight: 9, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    '',
    'text/plain',
    'application/json; charset=latin1',
    'application/merge-patch+json',
    ';',
    'a/b/c',
  ),
);

const otherHeaders = fc.record(
  {
    'Content-Encoding': fc.constantFrom('gzip', 'identity', 'br, gzip'),
    Accept: fc.constantFrom('text/html', '*/*;q=x', ''),
    'X-Request-Id': fc.stringMatching(/^[ -~]{1,300}$/),
    'X-Forwarded-For': fc.stringMatching(/^[ -~]{1,60}$/),
    Authorization: fc.constantFrom('Bearer', 'Basic x', 'Bearer wrong'),
  },
  { requiredKeys: [] },
);

function toRequest(method: string, path: string, operation: Operation): fc.Arbitrary<RawRequest> {
  return fc
    .record({
      path: toPath(path),
      query: toQuery(operation),
      body: toBody(operation),
      contentType,
      headers: otherHeaders,
    })
    .map(({ path: whole, query, body, contentType: type, headers }) => ({
      method,
      path: query === '' ? whole : `${whole}?${query}`,
      headers: { ...headers, ...(body && { 'Content-Type': type }) },
      body,
    }));
}

/** What none of these requests is meant to bring about: no key, too many requests, something that is away. */
const ELSEWHERE = ['401', '429', '503'];

describe('whatever is sent, the answer is a described one and no 5xx', () => {
  it.each(operations)('$method $path', async ({ method, path, operation }) => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(toRequest(method, path, operation), async (request) => {
        const answer = await client.send(request);
        expect(answer.status, answer.body).toBeLessThan(500);
        requireDescribed(answer);
        seen.add(String(answer.status));
      }),
      SETTINGS,
    );
    // Otherwise the requests would be too tame, or the description would promise what never comes.
    const expected = Object.keys(operation.responses).filter((status) => !ELSEWHERE.includes(status));
    expect([...seen].sort()).toEqual(expected);
  });
});
