import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Router } from '@koa/router';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODEL_FOLDER } from '../src/folders.ts';
import { answerWithProblems } from '../src/middleware/problems.ts';
import { digestOf } from '../src/model/model-files.ts';
import { addPredictRoutes } from '../src/predict/predict.controller.ts';
import { PredictService } from '../src/predict/predict.service.ts';
import { HttpServer } from '../src/util/http-server.ts';
import { createEmptyDatabase, silentLogger, type TestDatabase } from './support/databases.ts';
import { type RunningApp, startApp } from './support/running-app.ts';
import { until } from './support/until.ts';

let database: TestDatabase;
let app: RunningApp;

beforeAll(async () => {
  database = await createEmptyDatabase();
  app = await startApp(database.url);
  await until('the model is loaded', async () => (await app.get('/model/info')).status === 200);
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

interface Prediction {
  label: string;
  probability: number;
  words: { word: string; weight: number }[];
}

async function readBody<T>(response: Response, status: number): Promise<T> {
  expect(response.status).toBe(status);
  return (await response.json()) as T;
}

describe('POST /predict', () => {
  it('answers one prediction to one text, with the words that weighed most', async () => {
    const response = await app.post('/predict', { text: 'The soup was TERRIBLE, but I liked the waiter.' });
    const answer = await readBody<Prediction>(response, 200);
    expect(answer).toEqual({
      label: 'negative',
      probability: expect.any(Number),
      words: expect.any(Array),
      modelVersion: '1.0.0',
    });
    expect(answer.probability).toBeGreaterThan(0.5);
    expect(answer.words[0]).toEqual({ word: 'terrible', weight: expect.any(Number) });
    expect(answer.words[0]?.weight).toBeLessThan(0);
    expect(answer.words.map(({ word }) => word)).toContain('liked');
  });

  it('answers one prediction to each of several texts, in their order', async () => {
    const texts = Array.from({ length: 64 }, (_, index) =>
      index % 3 ? 'Awful service.' : 'Delicious food!',
    );
    const answer = await readBody<{ predictions: Prediction[]; modelVersion: string }>(
      await app.post('/predict', { texts }),
      200,
    );
    expect(answer.modelVersion).toBe('1.0.0');
    expect(answer.predictions.map(({ label }) => label)).toEqual(
      texts.map((text) => (text === 'Awful service.' ? 'negative' : 'positive')),
    );
  });

  it('answers many requests at the same time as each by itself', async () => {
    const texts = Array.from({ length: 50 }, (_, index) => `${'so '.repeat(index)}good`);
    const together = await Promise.all(
      texts.map(async (text) => readBody<Prediction>(await app.post('/predict', { text }), 200)),
    );
    for (const [index, text] of texts.entries()) {
      const alone = await readBody<Prediction>(await app.post('/predict', { text }), 200);
      expect(together[index]?.label).toBe(alone.label);
      expect(together[index]?.probability).toBeCloseTo(alone.probability, 5);
    }
  });

  it('takes the longest texts in any script, 64 at once', async () => {
    const texts = Array.from({ length: 64 }, () => '𝕏'.repeat(2000));
    const answer = await readBody<{ predictions: Prediction[] }>(await app.post('/predict', { texts }), 200);
    expect(answer.predictions).toHaveLength(64);
  });
});

describe('POST /predict refuses with 422 and the field', () => {
  const either = 'must be an object with either "text" or "texts"';

  it.each<[string, unknown, string | undefined, string]>([
    ['neither text nor texts', {}, undefined, either],
    ['both', { text: 'good', texts: ['good'] }, undefined, either],
    ['no object', ['good'], undefined, 'must be object'],
    ['an unknown field', { words: 'good' }, 'words', 'is not a known field'],
    ['no string', { text: 5 }, 'text', 'must be string'],
    ['null', { text: null }, 'text', 'must be string'],
    ['blank text', { text: ' \n' }, 'text', 'must be text that is not blank'],
    ['too long a text', { text: 'x'.repeat(2001) }, 'text', 'must NOT have more than 2000 characters'],
    ['no text at all', { texts: [] }, 'texts', 'must NOT have fewer than 1 items'],
    ['too many texts', { texts: Array(65).fill('good') }, 'texts', 'must NOT have more than 64 items'],
    [
      'one text of several that is blank',
      { texts: ['good', '\t'] },
      'texts.1',
      'must be text that is not blank',
    ],
    [
      'one text of several that is too long',
      { texts: ['good', 'x'.repeat(2001)] },
      'texts.1',
      'must NOT have more than 2000 characters',
    ],
  ])('%s', async (_name, body, field, detail) => {
    const problem = await readBody<{ errors: unknown }>(await app.post('/predict', body), 422);
    expect(problem.errors).toEqual([{ ...(field && { field }), detail }]);
  });

  it('a body over the limit of /model/info is 413', async () => {
    const { limits } = await readBody<{ limits: { bodyBytes: number } }>(await app.get('/model/info'), 200);
    const padding = ' '.repeat(limits.bodyBytes - '{"text":"good"}'.length);
    const send = (body: string) =>
      fetch(`${app.url}/predict`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    expect((await send(`{"text":"good"}${padding}`)).status).toBe(200);
    expect((await send(`{"text":"good"}${padding} `)).status).toBe(413);
  });
});

it('GET /model/info says what the model is, how good it is and what it takes', async () => {
  const info = await readBody<Record<string, unknown>>(await app.get('/model/info'), 200);
  const model = readFileSync(path.join(MODEL_FOLDER, 'sentiment.onnx'));
  expect(info).toMatchObject({
    name: 'sentence-sentiment',
    version: '1.0.0',
    digest: `sha256:${digestOf(model)}`,
    labels: ['negative', 'positive'],
    trainingData: { sentences: 3000, licence: 'CC BY 4.0', url: 'https://doi.org/10.24432/C57604' },
    limits: { texts: 64, characters: 2000, tokens: 512, bodyBytes: 524_288 },
  });
  const accuracy = info['accuracy'] as Record<'model' | 'afinn' | 'vader', number>;
  expect(accuracy.model).toBeGreaterThanOrEqual(0.87);
  expect(accuracy.model).toBeGreaterThan(accuracy.vader);
  expect(accuracy.vader).toBeGreaterThan(accuracy.afinn);
});

it('predictions are counted by label, and runs are measured', async () => {
  const before = await readMetrics();
  await app.post('/predict', { texts: ['Lovely!', 'Awful!', 'Awful!'] });
  const after = await readMetrics();
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  expect(grown('predictions_total{label="positive"}')).toBe(1);
  expect(grown('predictions_total{label="negative"}')).toBe(2);
  expect(grown('prediction_batch_size_sum')).toBe(3);
  expect(grown('prediction_duration_seconds_count')).toBe(1);
});

/** Returns the app's metrics by name and labels. */
async function readMetrics(): Promise<Map<string, number>> {
  const lines = (await (await app.get('/metrics')).text()).split('\n');
  return new Map(
    lines
      .filter((line) => !line.startsWith('#'))
      .map((line) => {
        const space = line.lastIndexOf(' ');
        return [line.slice(0, space), Number(line.slice(space + 1))];
      }),
  );
}

describe('while the model loads', () => {
  let server: HttpServer;
  let url: string;

  beforeAll(async () => {
    const router = new Router();
    addPredictRoutes(router, new PredictService({ predictor: undefined }));
    const koa = new Koa();
    koa.use(answerWithProblems(silentLogger));
    koa.use(router.routes());
    server = await HttpServer.listen({ listener: koa.callback(), port: 0, timeoutMilliseconds: 5_000 });
    url = `http://127.0.0.1:${server.port}`;
  });

  afterAll(() => server.stop(1_000));

  it.each<[string, RequestInit]>([
    [
      '/predict',
      { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"text":"good"}' },
    ],
    ['/model/info', {}],
  ])('%s answers 503 and when to try again', async (route, init) => {
    const response = await fetch(url + route, init);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({ status: 503, detail: expect.stringContaining('loading') });
  });
});
