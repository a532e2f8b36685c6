import { styleText } from 'node:util';

/** Writes text the way a terminal shows it, or plainly when the output is no terminal. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
}

type Style = keyof Paint;

/** Colours for a terminal that can show them; NO_COLOR and a pipe turn them off. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  const style = (name: Style) => (text: string) => styleText(name, text, { stream, validateStream: true });
  return {
    bold: style('bold'),
    dim: style('dim'),
    red: style('red'),
    yellow: style('yellow'),
    green: style('green'),
    cyan: style('cyan'),
  };
}

/** No colours at all, for files and tests. */
export const PLAIN: Paint = {
  bold: same,
  dim: same,
  red: same,
  yellow: same,
  green: same,
  cyan: same,
};

/** Turns the lines of a job's log into what GitHub's page shows: groups indented, errors in red. */
export class LogView {
  readonly #paint: Paint;
  #inGroup = false;

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  /** Returns the text for one line of the log; undefined for a line that is not shown. */
  render(line: string): string | undefined {
    const [, command = '', text = line] =
      /^##\[(group|endgroup|error|warning|notice|debug)\](.*)$/.exec(line) ?? [];
    switch (command) {
      case 'group':
        this.#inGroup = true;
        return this.#paint.bold(`▸ ${text}`);
      case 'endgroup':
        this.#inGroup = false;
        return undefined;
      case 'error':
        return this.#paint.red(`Error: ${text}`);
      case 'warning':
        return this.#paint.yellow(`Warning: ${text}`);
      case 'notice':
        return this.#paint.cyan(`Notice: ${text}`);
      case 'debug':
        return this.#paint.dim(`Debug: ${text}`);
      default:
        return this.#inGroup ? `  ${text}` : text;
    }
  }
}

function same(text: string): string {
  return text;
}
