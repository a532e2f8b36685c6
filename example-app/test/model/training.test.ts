import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MODEL_FOLDER } from '../../src/folders.ts';
import { MODEL_FILE_NAMES } from '../../src/model/model-files.ts';
import { dealFolds } from '../../train/folds.ts';
import { readLexicon } from '../../train/lexicon.ts';
import { readSentences } from '../../train/sentences.ts';
import { createScorer, trainModel } from '../../train/sentiment-model.ts';
import { type Outcome, runProgram } from '../support/programs.ts';

const SAMPLE_FILE = path.resolve(import.meta.dirname, '../../train/trained-probabilities.json');
const MOST_BYTES = 2_000_000;
/** The training computes for four seconds, on a machine that may be busy with other tests. */
const TRAINING_MILLISECONDS = 90_000;

const folder = mkdtempSync(path.join(tmpdir(), 'model-'));
const sampleFile = path.join(folder, 'sample.json');
const modelFolder = path.join(folder, 'model');

afterAll(() => rmSync(folder, { recursive: true }));

function train(...options: string[]): Promise<Outcome> {
  return runProgram('../train/train.ts', ['--folder', modelFolder, '--sample', sampleFile, ...options], {});
}

/** Returns the per cents in a line of the printed table. */
function percentsOf(line: string): number[] {
  return [...line.matchAll(/([\d.]+) %/g)].map(([, percent]) => Number(percent));
}

describe('npm run train', { timeout: TRAINING_MILLISECONDS }, () => {
  it('fails and writes nothing when the accuracy is too low', async () => {
    const { exitCode, errors } = await train('--least-accuracy', '0.99');
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^the accuracy 8\d\.\d % is below 99\.0 %: nothing is written$/m);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('writes the committed model, byte by byte, and shows that it beats the word lists', async () => {
    const { exitCode, errors, output } = await train();
    expect(errors).toBe('');
    expect(exitCode).toBe(0);
    const [afinn = [], vader = [], model = []] = output.split('\n').slice(1, 4).map(percentsOf);
    expect(afinn.at(-1)).toBe(79.4);
    expect(vader.at(-1)).toBe(80.9);
    expect(model.at(-1)).toBeGreaterThanOrEqual(87);
    expect(model).toHaveLength(6);
    const names = readdirSync(modelFolder);
    expect(names).toEqual(Object.values(MODEL_FILE_NAMES).toSorted());
    for (const name of names) {
      const written = readFileSync(path.join(modelFolder, name));
      expect(written.equals(readFileSync(path.join(MODEL_FOLDER, name))), name).toBe(true);
    }
    expect(readFileSync(sampleFile, 'utf8')).toBe(readFileSync(SAMPLE_FILE, 'utf8'));
    const sizes = names.map((name) => readFileSync(path.join(modelFolder, name)).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
  });
});

describe('folds', () => {
  const sentences = readSentences();
  const foldOf = dealFolds(sentences, { folds: 5, seed: '1' });

  it('hold all labelled sentences, each with the same share of every source and class', () => {
    expect(sentences).toHaveLength(3000);
    for (let fold = 0; fold < 5; fold++) {
      const dealt = sentences.filter((_, index) => foldOf[index] === fold);
      expect(Math.abs(dealt.length - 600)).toBeLessThan(10);
      expect(Math.abs(dealt.filter(({ isPositive }) => isPositive).length - 300)).toBeLessThan(8);
      for (const name of ['amazon', 'imdb', 'yelp']) {
        expect(Math.abs(dealt.filter(({ source }) => source === name).length - 200)).toBeLessThan(8);
      }
    }
  });

  it('never part sentences of the same words', () => {
    const folds = new Map<string, Set<number | undefined>>();
    for (const [index, { text }] of sentences.entries()) {
      const words =
        text
          .toLowerCase()
          .match(/[a-z0-9']+/g)
          ?.join(' ') ?? '';
      folds.set(words, (folds.get(words) ?? new Set()).add(foldOf[index]));
    }
    expect(folds.size).toBeLessThan(sentences.length);
    expect([...folds.values()].every(({ size }) => size === 1)).toBe(true);
  });

  it('are the same for the same seed, and others for another one', () => {
    expect(dealFolds(sentences, { folds: 5, seed: '1' })).toEqual(foldOf);
    expect(dealFolds(sentences, { folds: 5, seed: '2' })).not.toEqual(foldOf);
  });
});

describe('a trained model', () => {
  const settings = { leastSentencesOfPairs: 2, penalty: 1, iterations: 50 };

  it('knows the words of its own sentences only', () => {
    const sentences = [
      { text: 'very good', isPositive: true, source: 'test' },
      { text: 'very good indeed', isPositive: true, source: 'test' },
      { text: 'not good', isPositive: false, source: 'test' },
    ];
    const { features } = trainModel(sentences, new Map(), settings);
    expect(features).toEqual(['very', 'good', 'very good', 'indeed', 'not', 'not:good']);
    const probabilityOf = createScorer(trainModel(sentences, new Map(), settings));
    expect(probabilityOf('very good')).toBeGreaterThan(0.5);
    expect(probabilityOf('unheard of')).toBe(probabilityOf(''));
  });

  it('takes from the lexicon what its sentences never said', () => {
    const sentences = readSentences().slice(0, 300);
    const word = 'splendid';
    expect(sentences.some(({ text }) => text.toLowerCase().includes(word))).toBe(false);
    const probabilityOf = createScorer(trainModel(sentences, readLexicon(), settings));
    expect(probabilityOf(word)).toBeGreaterThan(probabilityOf(''));
    expect(probabilityOf(`not ${word}`)).toBeLessThan(probabilityOf(word));
  });
});
