import { setImmediate as nextTurn } from 'node:timers/promises';

interface Request<Input, Output> {
  readonly inputs: readonly Input[];
  resolve(outputs: Output[]): void;
  reject(error: unknown): void;
}

/** Runs the inputs of several requests together: those that came while a run was under way share the next one. */
export class Batcher<Input, Output> {
  readonly #run: (inputs: readonly Input[]) => Promise<Output[]>;
  readonly #mostInputs: number;
  #waiting: Request<Input, Output>[] = [];
  #isWorking = false;

  /**
   * @param run takes all inputs of a batch and returns one output for each, in the same order.
   * @param mostInputs of a run; only a request that has more by itself makes a larger one.
   */
  constructor(run: (inputs: readonly Input[]) => Promise<Output[]>, mostInputs: number) {
    this.#run = run;
    this.#mostInputs = mostInputs;
  }

  /** Returns the outputs of one request. @throws what the run threw. */
  add(inputs: readonly Input[]): Promise<Output[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ inputs, resolve, reject });
      if (!this.#isWorking) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    // What else has already arrived is read first, and so joins the first batch.
    await nextTurn();
    while (this.#waiting.length > 0) await this.#runBatch(this.#takeBatch());
    this.#isWorking = false;
  }

  #takeBatch(): Request<Input, Output>[] {
    let inputs = 0;
    const tooMany = this.#waiting.findIndex((request, index) => {
      inputs += request.inputs.length;
      return index > 0 && inputs > this.#mostInputs;
    });
    return this.#waiting.splice(0, tooMany < 0 ? this.#waiting.length : tooMany);
  }

  async #runBatch(requests: readonly Request<Input, Output>[]): Promise<void> {
    try {
      const outputs = await this.#run(requests.flatMap(({ inputs }) => inputs));
      let start = 0;
      for (const { inputs, resolve } of requests) {
        resolve(outputs.slice(start, start + inputs.length));
        start += inputs.length;
      }
    } catch (error) {
      for (const { reject } of requests) reject(error);
    }
  }
}
