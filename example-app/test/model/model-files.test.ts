import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MODEL_FOLDER } from '../../src/folders.ts';
import { BackgroundPredictor } from '../../src/model/background-predictor.ts';
import { digestOf, MODEL_FILE_NAMES, ModelFilesError } from '../../src/model/model-files.ts';
import { Predictor } from '../../src/model/predictor.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'model-'));
  cpSync(MODEL_FOLDER, folder, { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true }));

it('a model can be loaded from any folder', async () => {
  const predictor = await Predictor.load(folder);
  expect(predictor.info.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  await predictor.close();
});

it.each([MODEL_FILE_NAMES.model, MODEL_FILE_NAMES.vocabulary])(
  '%s of another training is refused, and named',
  async (name) => {
    const file = path.join(folder, name);
    appendFileSync(file, '\n');
    const refused = Predictor.load(folder);
    await expect(refused).rejects.toThrow(ModelFilesError);
    await expect(refused).rejects.toThrow(
      `${file} is not the file that was trained together with the others`,
    );
  },
);

it.each(Object.values(MODEL_FILE_NAMES))('a missing %s is named', async (name) => {
  const file = path.join(folder, name);
  rmSync(file);
  const refused = Predictor.load(folder);
  await expect(refused).rejects.toThrow(ModelFilesError);
  await expect(refused).rejects.toThrow(`${file} cannot be read`);
});

it('a digest is the SHA-256 in hexadecimal', () => {
  // The example of FIPS 180-4.
  expect(digestOf(Buffer.from('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

it('a model in the background is there when it has loaded, and not before', async () => {
  const background = new BackgroundPredictor(() => Predictor.load(folder));
  expect(background.predictor).toBeUndefined();
  await background.load();
  expect(background.predictor).toBeInstanceOf(Predictor);
  await background.close();
});

it('a model in the background that cannot be loaded says why', async () => {
  rmSync(path.join(folder, MODEL_FILE_NAMES.card));
  const background = new BackgroundPredictor(() => Predictor.load(folder));
  await expect(background.load()).rejects.toThrow(ModelFilesError);
  expect(background.predictor).toBeUndefined();
  await background.close();
});
