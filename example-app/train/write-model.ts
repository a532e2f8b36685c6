import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  type Accuracy,
  type Digests,
  digestOf,
  MODEL_FILE_NAMES,
  type ModelCard,
  type VocabularyFile,
} from '../src/model/model-files.ts';
import { toOnnx } from './onnx.ts';
import type { SentimentModel } from './sentiment-model.ts';
import type { Settings } from './settings.ts';

export interface ModelFacts {
  readonly settings: Pick<Settings, 'name' | 'version'>;
  readonly sentences: number;
  readonly accuracy: Accuracy;
}

/** Writes a model's folder: the same bytes for the same model and facts. @returns the size of all files, in bytes. */
export function writeModel(folder: string, model: SentimentModel, facts: ModelFacts): number {
  const onnx = toOnnx(facts.settings.name, model.linear);
  const vocabulary = encodeJson<VocabularyFile>({
    features: model.features,
    lexicon: Object.fromEntries(model.lexicon),
  });
  const digests: Digests = { model: digestOf(onnx), vocabulary: digestOf(vocabulary) };
  const files: Readonly<Record<string, Uint8Array>> = {
    [MODEL_FILE_NAMES.card]: encodeJson<ModelCard>(describe(model, facts)),
    [MODEL_FILE_NAMES.digests]: encodeJson<Digests>(digests),
    [MODEL_FILE_NAMES.model]: onnx,
    [MODEL_FILE_NAMES.vocabulary]: vocabulary,
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name), bytes);
  return Object.values(files).reduce((sum, { length }) => sum + length, 0);
}

function describe({ lexicon }: SentimentModel, { settings, sentences, accuracy }: ModelFacts): ModelCard {
  return {
    name: settings.name,
    version: settings.version,
    labels: ['negative', 'positive'],
    trainingData: {
      name: 'Sentiment Labelled Sentences (amazon.com, imdb.com, yelp.com), from the npm package sentiment',
      url: 'https://doi.org/10.24432/C57604',
      licence: 'CC BY 4.0',
      citation:
        'Kotzias, D., Denil, M., de Freitas, N., Smyth, P.: From Group to Individual Labels using Deep Features. KDD 2015.',
      sentences,
    },
    lexicon: {
      name: 'VADER, from the npm package vader-sentiment',
      url: 'https://github.com/cjhutto/vaderSentiment',
      licence: 'MIT (the lexicon), Apache-2.0 (the package)',
      citation:
        'Hutto, C.J., Gilbert, E.E.: VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text. ICWSM 2014.',
      words: lexicon.size,
    },
    accuracy,
  };
}

/** One entry a line, so that a change of the model can be read. */
function encodeJson<T>(value: T): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}
