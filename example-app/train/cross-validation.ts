import { accuracyOf, afinn, type Classifier, vaderCompound } from './baselines.ts';
import { dealFolds } from './folds.ts';
import type { Sentence } from './sentences.ts';
import { createScorer, trainModel } from './sentiment-model.ts';
import type { Settings } from './settings.ts';

/** Accuracy by classifier, one for each fold, from 0 to 1. */
export type FoldAccuracies = Readonly<Record<'afinn' | 'vader' | 'model', readonly number[]>>;

/** Trains on all folds but one and tests on that one, for each; the word lists, which learn nothing, are tested on the same. */
export function crossValidate(
  sentences: readonly Sentence[],
  lexicon: ReadonlyMap<string, number>,
  settings: Settings,
): FoldAccuracies {
  const foldOf = dealFolds(sentences, settings);
  const folds = Array.from({ length: settings.folds }, (_, fold) => {
    const tested = sentences.filter((_sentence, index) => foldOf[index] === fold);
    const trained = sentences.filter((_sentence, index) => foldOf[index] !== fold);
    const probabilityOf = createScorer(trainModel(trained, lexicon, settings));
    const model: Classifier = (text) => probabilityOf(text) > 0.5;
    return {
      afinn: accuracyOf(afinn, tested),
      vader: accuracyOf(vaderCompound, tested),
      model: accuracyOf(model, tested),
    };
  });
  return {
    afinn: folds.map((fold) => fold.afinn),
    vader: folds.map((fold) => fold.vader),
    model: folds.map((fold) => fold.model),
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns the accuracies as lines of a table, in per cent. */
export function formatAccuracies({ afinn, vader, model }: FoldAccuracies): string[] {
  const header = [...model.map((_, index) => `fold ${index + 1}`), 'mean'];
  const row = (name: string, cells: readonly string[]) =>
    [name.padEnd(10), ...cells.map((cell) => cell.padStart(7))].join(' ');
  const accuracies = (values: readonly number[]) =>
    [...values, mean(values)].map((value) => `${(value * 100).toFixed(1)} %`);
  return [
    row('accuracy', header),
    row('AFINN-165', accuracies(afinn)),
    row('VADER', accuracies(vader)),
    row('this model', accuracies(model)),
  ];
}
