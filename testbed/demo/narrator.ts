import { LogView, type Paint } from '../runner/terminal.ts';

/** Gets what a step tells while it works. */
export interface Say {
  (line: string): void;
  /** What is being done right now: shown on a terminal until the next line comes. */
  now(line: string): void;
}

/** Prints numbered steps with their progress and times. */
export class Narrator {
  readonly #stream: NodeJS.WriteStream;
  readonly #paint: Paint;
  readonly #started = performance.now();
  #steps = 0;
  #hasTransientLine = false;

  constructor(stream: NodeJS.WriteStream, paint: Paint) {
    this.#stream = stream;
    this.#paint = paint;
  }

  /** Runs one step of the demo under a numbered title. */
  async step<T>(title: string, work: (say: Say) => Promise<T>): Promise<T> {
    this.#steps += 1;
    this.print(`\n${this.#paint.bold(`${this.#steps}. ${title}`)}`);
    const started = performance.now();
    const say = Object.assign((line: string) => this.print(indent(line)), {
      now: (line: string) => this.#printTransient(indent(line)),
    });
    const result = await work(say);
    const times = `${seconds(performance.now() - started)}, ${seconds(performance.now() - this.#started)} since the start`;
    this.print(indent(`${this.#paint.green('✓')} ${this.#paint.dim(times)}`));
    return result;
  }

  print(text: string): void {
    this.#clearTransient();
    this.#stream.write(`${text}\n`);
  }

  #printTransient(line: string): void {
    if (!this.#stream.isTTY) return;
    this.#clearTransient();
    this.#stream.write(this.#paint.dim(line.slice(0, this.#stream.columns - 1)));
    this.#hasTransientLine = true;
  }

  #clearTransient(): void {
    if (this.#hasTransientLine) this.#stream.write('\r\u001b[K');
    this.#hasTransientLine = false;
  }
}

/** Shows a job's log as GitHub's page does at first sight: groups folded, all else in full. */
export function foldedLog(say: Say, paint: Paint): (line: string) => void {
  const view = new LogView(paint);
  let inGroup = false;
  return (line) => {
    if (line.startsWith('##[group]')) inGroup = true;
    if (line.startsWith('##[endgroup]')) inGroup = false;
    const text = view.render(line);
    if (text === undefined) return;
    if (inGroup && !line.startsWith('##[')) say.now(text);
    else say(text);
  };
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '   ');
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
