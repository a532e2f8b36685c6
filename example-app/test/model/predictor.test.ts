import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODEL_FOLDER } from '../../src/folders.ts';
import { type Prediction, Predictor } from '../../src/model/predictor.ts';
import { MAX_TOKENS } from '../../src/model/tokenise.ts';

/** Written by the training: sentences, and the probabilities that its own arithmetic gives them. */
const SAMPLE_FILE = path.join(import.meta.dirname, '..', '..', 'train', 'trained-probabilities.json');
const sample: { text: string; probability: number }[] = JSON.parse(readFileSync(SAMPLE_FILE, 'utf8'));

/** Served numbers have 24 bits. */
const TOLERANCE = 1e-6;

const runs: number[] = [];
const labels: string[] = [];
let predictor: Predictor;

beforeAll(async () => {
  predictor = await Predictor.load(MODEL_FOLDER, {
    onRun: (texts, seconds) => {
      if (seconds > 0) runs.push(texts);
    },
    onPrediction: (label) => labels.push(label),
  });
});

afterAll(() => predictor.close());

function positiveProbability({ label, probability }: Prediction): number {
  return label === 'positive' ? probability : 1 - probability;
}

async function predictOne(text: string): Promise<Prediction> {
  const [prediction] = await predictor.predict([text]);
  if (!prediction) throw new Error('there is no prediction');
  return prediction;
}

describe('serving gives the probabilities of the training', () => {
  it('for many sentences at once', async () => {
    expect(sample).toHaveLength(200);
    const predictions = await predictor.predict(sample.map(({ text }) => text));
    const errors = predictions.map((prediction, index) =>
      Math.abs(positiveProbability(prediction) - (sample[index]?.probability ?? Number.NaN)),
    );
    expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
  });

  it('for each sentence by itself, whatever shares its run', async () => {
    const alone: number[] = [];
    for (const { text } of sample.slice(0, 20)) alone.push(positiveProbability(await predictOne(text)));
    const [together, others] = await Promise.all([
      predictor.predict(sample.slice(0, 20).map(({ text }) => text)),
      predictor.predict(['good '.repeat(MAX_TOKENS), '']),
    ]);
    expect(others).toHaveLength(2);
    for (const [index, prediction] of together.entries()) {
      expect(positiveProbability(prediction)).toBeCloseTo(alone[index] ?? Number.NaN, 6);
    }
  });
});

it.each<[string, string]>([
  ['I love this phone, it is excellent.', 'positive'],
  ['The food was not good.', 'negative'],
  ['Terrible. I want my money back!', 'negative'],
  ['Friendly staff, delicious food and great prices', 'positive'],
])('calls %j %s', async (text, label) => {
  const prediction = await predictOne(text);
  expect(prediction.label).toBe(label);
  expect(prediction.probability).toBeGreaterThan(0.5);
  expect(prediction.probability).toBeLessThanOrEqual(1);
});

it('names the words that weighed most, each once and the weightiest first', async () => {
  const { words } = await predictOne(
    'The BEST food, the best waiter: what a terrible pity that they closed.',
  );
  expect(words).toHaveLength(5);
  expect(words[0]?.word).toBe('best');
  expect(words[0]?.weight).toBeGreaterThan(0);
  expect(words.find(({ word }) => word === 'terrible')?.weight).toBeLessThan(0);
  const sizes = words.map(({ weight }) => Math.abs(weight));
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  expect(new Set(words.map(({ word }) => word)).size).toBe(5);
});

it('explains a prediction whole: bias and weights make the log-odds', async () => {
  const texts = ['good', 'not good', 'very good', ''];
  const [bias = Number.NaN, ...logOdds] = (await predictor.predict(texts))
    .toReversed()
    .map((prediction) => logOddsOf(positiveProbability(prediction)));
  const weights = (await predictor.predict(texts))
    .toReversed()
    .slice(1)
    .map(({ words }) => words.reduce((sum, { weight }) => sum + weight, 0));
  for (const [index, weight] of weights.entries()) expect(bias + weight).toBeCloseTo(logOdds[index] ?? 0, 4);
});

function logOddsOf(probability: number): number {
  return Math.log(probability / (1 - probability));
}

it('reads no more of a text than it says', async () => {
  const begin = 'fine '.repeat(MAX_TOKENS);
  const [short, long] = await predictor.predict([begin, `${begin} terrible terrible terrible`]);
  expect(long).toEqual(short);
});

it('answers any text', async () => {
  const texts = ['', ' ', '\u0000', '\ud800', '!!!', '中文', '😀'.repeat(1000), 'x'.repeat(2000)];
  const predictions = await predictor.predict(texts);
  expect(predictions).toHaveLength(texts.length);
  for (const { probability } of predictions) expect(probability).toBeGreaterThanOrEqual(0.5);
});

it('runs requests that wait together, and tells its observer', async () => {
  runs.length = 0;
  labels.length = 0;
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) => predictor.predict([index % 2 ? 'awful' : 'lovely'])),
  );
  expect(answers.map(([prediction]) => prediction?.label)).toEqual(
    Array.from({ length: 40 }, (_, index) => (index % 2 ? 'negative' : 'positive')),
  );
  expect(runs).toEqual([40]);
  expect(labels.filter((label) => label === 'positive')).toHaveLength(20);
});
