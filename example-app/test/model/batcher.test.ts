import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Batcher } from '../../src/model/batcher.ts';

interface Recorder {
  readonly batcher: Batcher<number, string>;
  readonly batches: readonly (readonly number[])[];
  /** Lets the run that is under way end. */
  finishRun(): void;
}

/** A batcher of at most four inputs, whose runs last until they are told to end. */
function createRecorder(): Recorder {
  const batches: number[][] = [];
  let finish = Promise.withResolvers<void>();
  const run = async (inputs: readonly number[]) => {
    batches.push([...inputs]);
    await finish.promise;
    if (inputs.includes(13)) throw new Error('thirteen');
    return inputs.map((input) => `output of ${input}`);
  };
  const finishRun = () => {
    finish.resolve();
    finish = Promise.withResolvers();
  };
  return { batcher: new Batcher(run, 4), batches, finishRun };
}

async function untilRunning({ batches }: Recorder, count: number): Promise<void> {
  while (batches.length < count) await nextTurn();
}

it('runs together what came at the same time, and gives each request its own outputs', async () => {
  const recorder = createRecorder();
  const answers = Promise.all([recorder.batcher.add([1]), recorder.batcher.add([2, 3])]);
  await untilRunning(recorder, 1);
  recorder.finishRun();
  expect(await answers).toEqual([['output of 1'], ['output of 2', 'output of 3']]);
  expect(recorder.batches).toEqual([[1, 2, 3]]);
});

it('keeps what comes during a run for the next one', async () => {
  const recorder = createRecorder();
  const first = recorder.batcher.add([1]);
  await untilRunning(recorder, 1);
  const later = Promise.all([recorder.batcher.add([2]), recorder.batcher.add([3])]);
  recorder.finishRun();
  await untilRunning(recorder, 2);
  recorder.finishRun();
  expect(await first).toEqual(['output of 1']);
  expect(await later).toEqual([['output of 2'], ['output of 3']]);
  expect(recorder.batches).toEqual([[1], [2, 3]]);
});

it('puts no more into a run than allowed, and splits no request', async () => {
  const recorder = createRecorder();
  const answers = Promise.all(
    [[1, 2, 3], [4, 5], [6, 7, 8, 9, 10], [11]].map((inputs) => recorder.batcher.add(inputs)),
  );
  for (let run = 1; run <= 4; run++) {
    await untilRunning(recorder, run);
    recorder.finishRun();
  }
  expect((await answers).map((outputs) => outputs.length)).toEqual([3, 2, 5, 1]);
  expect(recorder.batches).toEqual([[1, 2, 3], [4, 5], [6, 7, 8, 9, 10], [11]]);
});

it('fails the requests of a run that fails, and goes on', async () => {
  const recorder = createRecorder();
  const failed = Promise.allSettled([recorder.batcher.add([13]), recorder.batcher.add([1])]);
  await untilRunning(recorder, 1);
  const next = recorder.batcher.add([2]);
  recorder.finishRun();
  await untilRunning(recorder, 2);
  recorder.finishRun();
  expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await next).toEqual(['output of 2']);
});

it('answers a request of nothing', async () => {
  const recorder = createRecorder();
  const answer = recorder.batcher.add([]);
  await untilRunning(recorder, 1);
  recorder.finishRun();
  expect(await answer).toEqual([]);
});
