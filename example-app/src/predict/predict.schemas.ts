import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { MAX_TOKENS } from '../model/tokenise.ts';

/** What one request may ask for. Shown at `/model/info`. */
export const INPUT_LIMITS = {
  /** Texts in a request. */
  texts: 64,
  /** Code points of a text. */
  characters: 2000,
  /** Words and marks that the model reads of a text; later ones change nothing. */
  tokens: MAX_TOKENS,
  /** Enough for that many texts of that length, in any script. */
  bodyBytes: 512 * 1024,
} as const;

const text = {
  type: 'string',
  description: 'text that is not blank',
  minLength: 1,
  maxLength: INPUT_LIMITS.characters,
  pattern: '\\S',
} as const;

export const predictRequestSchema = {
  type: 'object',
  description: 'an object with either "text" or "texts"',
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  properties: {
    text,
    texts: { type: 'array', minItems: 1, maxItems: INPUT_LIMITS.texts, items: text },
  },
} as const satisfies JSONSchema;

const label = { enum: ['positive', 'negative'] } as const;
const probability = {
  type: 'number',
  description: 'That the label is right.',
  minimum: 0.5,
  maximum: 1,
} as const;
const words = {
  type: 'array',
  description: 'The words that weighed most, the weightiest first.',
  maxItems: 5,
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['word', 'weight'],
    properties: {
      word: { type: 'string' },
      weight: {
        type: 'number',
        description: 'What the word adds to the log-odds that the text is positive.',
      },
    },
  },
} as const;
const modelVersion = { type: 'string', description: 'Version of the model that answered.' } as const;

/** The answer to one text. */
export const predictionSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['label', 'probability', 'words', 'modelVersion'],
  properties: { label, probability, words, modelVersion },
} as const satisfies JSONSchema;

/** The answer to several texts. */
export const predictionListSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['predictions', 'modelVersion'],
  properties: {
    predictions: {
      type: 'array',
      description: 'One for each text, in the same order.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['label', 'probability', 'words'],
        properties: { label, probability, words },
      },
    },
    modelVersion,
  },
} as const satisfies JSONSchema;

const share = { type: 'number', minimum: 0, maximum: 1 } as const;
const source = {
  name: { type: 'string' },
  url: { type: 'string', format: 'uri' },
  licence: { type: 'string' },
  citation: { type: 'string' },
} as const;
const sourceFields = ['name', 'url', 'licence', 'citation'] as const;
const count = { type: 'integer', minimum: 1 } as const;

export const modelInfoSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'version', 'digest', 'labels', 'trainingData', 'lexicon', 'accuracy', 'limits'],
  properties: {
    name: { type: 'string' },
    version: { type: 'string' },
    digest: {
      type: 'string',
      pattern: '^sha256:[0-9a-f]{64}$',
      description: "SHA-256 of the model's file.",
    },
    labels: { type: 'array', items: label, minItems: 2, maxItems: 2 },
    trainingData: {
      type: 'object',
      additionalProperties: false,
      required: [...sourceFields, 'sentences'],
      properties: { ...source, sentences: count },
    },
    lexicon: {
      type: 'object',
      additionalProperties: false,
      required: [...sourceFields, 'words'],
      properties: { ...source, words: count },
    },
    accuracy: {
      type: 'object',
      description: 'Shares of sentences that were classified as they are labelled, on the same sentences.',
      additionalProperties: false,
      required: ['method', 'model', 'afinn', 'vader'],
      properties: { method: { type: 'string' }, model: share, afinn: share, vader: share },
    },
    limits: {
      type: 'object',
      description: 'What one request may ask for.',
      additionalProperties: false,
      required: ['texts', 'characters', 'tokens', 'bodyBytes'],
      properties: {
        texts: { ...count, description: 'Texts in a request.' },
        characters: { ...count, description: 'Characters of a text.' },
        tokens: {
          ...count,
          description: 'Words and marks that are read of a text; later ones change nothing.',
        },
        bodyBytes: { ...count, description: 'Bytes of the body.' },
      },
    },
  },
} as const satisfies JSONSchema;

export type PredictionAnswer = FromSchema<typeof predictionSchema>;
export type PredictionListAnswer = FromSchema<typeof predictionListSchema>;
export type ModelInfoAnswer = FromSchema<typeof modelInfoSchema>;
