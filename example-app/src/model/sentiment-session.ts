import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { FeatureRow } from './features.ts';

/** What the model makes of one row. */
export interface RowResult {
  /** That the text is positive, from 0 to 1. */
  readonly probability: number;
  /** What each feature of the row adds to the log-odds, in the row's order. */
  readonly contributions: Float32Array;
}

type Runtime = typeof import('onnxruntime-node');

/** Shapes that grow in such steps reuse the same memory. */
const LENGTH_STEP = 16;

/** The only door to ONNX Runtime: the model, run on one thread with the smallest memory that it can do with. */
export class SentimentSession {
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  // Kept from run to run, and grown when a batch needs more.
  #ids = new Int32Array(0);
  #values = new Float32Array(0);

  private constructor(runtime: Runtime, session: InferenceSession) {
    this.#runtime = runtime;
    this.#session = session;
  }

  /** Loads the runtime, which takes longer than all the rest of the app, and the model. @throws Error when the model is broken. */
  static async create(model: Uint8Array): Promise<SentimentSession> {
    // Its packages send usage data to their maker unless told not to before they are loaded.
    process.env['ORT_DISABLE_TELEMETRY'] = '1';
    const runtime = await import('onnxruntime-node');
    const session = await runtime.InferenceSession.create(model, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      enableCpuMemArena: false,
      enableMemPattern: false,
    });
    return new SentimentSession(runtime, session);
  }

  /** Runs the model on several rows at once. Calls must not overlap: they share their input's memory. */
  async run(rows: readonly FeatureRow[]): Promise<RowResult[]> {
    const longest = Math.max(1, ...rows.map(({ ids }) => ids.length));
    const length = Math.ceil(longest / LENGTH_STEP) * LENGTH_STEP;
    const outputs = await this.#session.run(this.#fill(rows, length));
    const probabilities = floatsOf(outputs['probability']);
    const contributions = floatsOf(outputs['contributions']);
    return rows.map(({ ids }, index) => ({
      probability: probabilities[index] ?? Number.NaN,
      contributions: contributions.subarray(index * length, index * length + ids.length),
    }));
  }

  /** Frees the model. */
  close(): Promise<void> {
    return this.#session.release();
  }

  /** Writes the rows beside each other, each filled up to the same length by features of the value 0. */
  #fill(rows: readonly FeatureRow[], length: number): Record<string, Tensor> {
    const size = rows.length * length;
    if (this.#ids.length < size) {
      this.#ids = new Int32Array(size);
      this.#values = new Float32Array(size);
    }
    const ids = this.#ids.subarray(0, size).fill(0);
    const values = this.#values.subarray(0, size).fill(0);
    for (const [index, row] of rows.entries()) {
      ids.set(row.ids, index * length);
      values.set(row.values, index * length);
    }
    const { Tensor } = this.#runtime;
    const shape = [rows.length, length];
    return { ids: new Tensor('int32', ids, shape), values: new Tensor('float32', values, shape) };
  }
}

function floatsOf(tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new TypeError('the model has not the outputs that the training writes');
}
