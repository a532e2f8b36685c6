import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { MODEL_FOLDER } from '../src/folders.ts';
import { crossValidate, formatAccuracies, mean } from './cross-validation.ts';
import { readLexicon } from './lexicon.ts';
import { readSentences, type Sentence } from './sentences.ts';
import { createScorer, type SentimentModel, trainModel } from './sentiment-model.ts';
import { SETTINGS } from './settings.ts';
import { writeModel } from './write-model.ts';

/** Below it, the training fails, unless it is told another one. */
const LEAST_ACCURACY = 0.87;
/** Every so many-th sentence is kept with its probability, for the test that serving gives the same. */
const SAMPLE_STEP = 15;
/** More than serving has, fewer than could differ between machines. */
const SAMPLE_DIGITS = 9;
const ACCURACY_DIGITS = 4;
const SAMPLE_FILE = path.join(import.meta.dirname, 'trained-probabilities.json');

interface Options {
  /** Where the model is written. */
  readonly folder: string;
  readonly sampleFile: string;
  /** From 0 to 1. */
  readonly leastAccuracy: number;
}

/** Cross-validates, trains on everything, writes the model. Returns the exit code. */
function main({ folder, sampleFile, leastAccuracy }: Options): number {
  const sentences = readSentences();
  const lexicon = readLexicon();
  const accuracies = crossValidate(sentences, lexicon, SETTINGS);
  for (const line of formatAccuracies(accuracies)) console.log(line);

  const accuracy = mean(accuracies.model);
  if (accuracy < leastAccuracy) {
    console.error(`the accuracy ${percent(accuracy)} is below ${percent(leastAccuracy)}: nothing is written`);
    return 1;
  }
  const model = trainModel(sentences, lexicon, SETTINGS);
  const bytes = writeModel(folder, model, {
    settings: SETTINGS,
    sentences: sentences.length,
    accuracy: {
      method: `${SETTINGS.folds}-fold cross-validation, sentences of the same words in one fold`,
      model: round(accuracy, ACCURACY_DIGITS),
      afinn: round(mean(accuracies.afinn), ACCURACY_DIGITS),
      vader: round(mean(accuracies.vader), ACCURACY_DIGITS),
    },
  });
  writeSample(sampleFile, sentences, model);
  console.log(`wrote ${folder}: ${model.features.length} features, ${bytes} bytes`);
  return 0;
}

function writeSample(file: string, sentences: readonly Sentence[], model: SentimentModel): void {
  const probabilityOf = createScorer(model);
  const sample = sentences
    .filter((_, index) => index % SAMPLE_STEP === 0)
    .map(({ text }) => ({ text, probability: round(probabilityOf(text), SAMPLE_DIGITS) }));
  writeFileSync(file, `${JSON.stringify(sample, null, 2)}\n`);
}

function round(share: number, digits: number): number {
  return Number(share.toFixed(digits));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: MODEL_FOLDER },
    sample: { type: 'string', default: SAMPLE_FILE },
    'least-accuracy': { type: 'string', default: String(LEAST_ACCURACY) },
  },
});
process.exitCode = main({
  folder: values.folder,
  sampleFile: values.sample,
  leastAccuracy: Number(values['least-accuracy']),
});
