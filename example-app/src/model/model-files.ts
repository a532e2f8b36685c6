import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Vocabulary } from './features.ts';
import { createVocabulary } from './vocabulary.ts';

/** What the model is, how good it is, and what it was made from. Written by the training. */
export interface ModelCard {
  readonly name: string;
  readonly version: string;
  readonly labels: readonly ['negative', 'positive'];
  readonly trainingData: Source & { readonly sentences: number };
  readonly lexicon: Source & { readonly words: number };
  readonly accuracy: Accuracy;
}

/** Something that the model was made from. */
export interface Source {
  readonly name: string;
  readonly url: string;
  readonly licence: string;
  readonly citation: string;
}

/** Shares of sentences that were classified as they are labelled, from 0 to 1, on the same sentences. */
export interface Accuracy {
  readonly method: string;
  readonly model: number;
  readonly afinn: number;
  readonly vader: number;
}

/** The names of the features in the order of their ids, and the lexicon. */
export interface VocabularyFile {
  readonly features: readonly string[];
  readonly lexicon: Readonly<Record<string, number>>;
}

/** The SHA-256 of the files that belong together, in hexadecimal. */
export interface Digests {
  readonly model: string;
  readonly vocabulary: string;
}

export interface ModelFiles {
  readonly card: ModelCard;
  /** The model in ONNX form. */
  readonly model: Uint8Array;
  readonly vocabulary: Vocabulary;
  readonly digests: Digests;
}

/** How the files in the model's folder are called. */
export const MODEL_FILE_NAMES = {
  card: 'card.json',
  digests: 'digests.json',
  model: 'sentiment.onnx',
  vocabulary: 'vocabulary.json',
} as const;

/** A file of the model is not the one that was trained together with the others. */
export class ModelFilesError extends Error {
  override readonly name = 'ModelFilesError';
}

/**
 * Reads a model from its folder.
 * @throws ModelFilesError when a file is missing, or not of the same training as the others.
 */
export async function readModelFiles(folder: string): Promise<ModelFiles> {
  const [card, digests, model, vocabulary] = await Promise.all([
    readJson<ModelCard>(folder, MODEL_FILE_NAMES.card),
    readJson<Digests>(folder, MODEL_FILE_NAMES.digests),
    readBytes(folder, MODEL_FILE_NAMES.model),
    readBytes(folder, MODEL_FILE_NAMES.vocabulary),
  ]);
  requireDigest(path.join(folder, MODEL_FILE_NAMES.model), model, digests.model);
  requireDigest(path.join(folder, MODEL_FILE_NAMES.vocabulary), vocabulary, digests.vocabulary);
  const { features, lexicon }: VocabularyFile = JSON.parse(vocabulary.toString());
  return { card, model, digests, vocabulary: createVocabulary(features, Object.entries(lexicon)) };
}

/** Returns the SHA-256 of the bytes, in hexadecimal. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function requireDigest(file: string, bytes: Uint8Array, expected: string): void {
  if (digestOf(bytes) === expected) return;
  throw new ModelFilesError(
    `${file} is not the file that was trained together with the others: run npm run train, or restore the whole folder`,
  );
}

async function readJson<T>(folder: string, name: string): Promise<T> {
  return JSON.parse((await readBytes(folder, name)).toString());
}

async function readBytes(folder: string, name: string): Promise<Buffer> {
  const file = path.join(folder, name);
  try {
    return await readFile(file);
  } catch (cause) {
    throw new ModelFilesError(`${file} cannot be read: run npm run train, or restore the whole folder`, {
      cause,
    });
  }
}
