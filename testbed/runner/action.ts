import { parseCommandLine, type Request, USAGE, UsageError } from './command-line.ts';
import { PROJECT, readCloudEnvironment } from './environment.ts';
import { renderMarkdown } from './markdown.ts';
import { type ActionResult, runAction } from './run.ts';
import { LogView, paintFor } from './terminal.ts';

const paint = paintFor(process.stdout);

process.exitCode = await main(process.argv.slice(2));

async function main(parameters: string[]): Promise<number> {
  if (parameters.includes('--help') || parameters.length === 0) {
    console.log(USAGE);
    return parameters.length === 0 ? 2 : 0;
  }
  try {
    // npm changes to the package's folder; INIT_CWD is where the user stands.
    const directory = process.env['INIT_CWD'] ?? process.cwd();
    return await runRequest(parseCommandLine(parameters, { project: PROJECT, directory }));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function runRequest(request: Request): Promise<number> {
  const view = new LogView(paint);
  const result = await runAction({
    ...request,
    environment: requireCloud(),
    cancel: cancelSignal(request.cancelAfter),
    onLine: (line) => {
      const text = view.render(line);
      if (text !== undefined) console.log(text);
    },
  });
  printResult(result);
  return result.exitCode;
}

function requireCloud(): Record<string, string> {
  const environment = readCloudEnvironment();
  if (environment !== undefined) return environment;
  throw new UsageError('The local cloud is not up (no .cloud/env): start it with `npm run cloud -- up`');
}

/** Cancels after a time, or when the user presses Ctrl-C. */
function cancelSignal(cancelAfter: number | undefined): AbortSignal {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  return cancelAfter === undefined
    ? interrupt.signal
    : AbortSignal.any([interrupt.signal, AbortSignal.timeout(cancelAfter)]);
}

function printResult(result: ActionResult): void {
  printOutputs(result.outputs);
  if (result.summary.trim() !== '')
    console.log(`\n${heading('Summary')}\n${renderMarkdown(result.summary, paint)}`);
  const colour = result.conclusion === 'success' ? paint.green : paint.red;
  console.log(`\n${colour(`Job: ${result.conclusion} (exit code ${result.exitCode})`)}`);
}

function printOutputs(outputs: Record<string, string>): void {
  const width = Math.max(...Object.keys(outputs).map((name) => name.length), 0);
  if (width === 0) return;
  console.log(`\n${heading('Outputs')}`);
  for (const [name, value] of Object.entries(outputs)) console.log(`  ${name.padEnd(width)}  ${value}`);
}

function heading(text: string): string {
  return paint.bold(`── ${text} ${'─'.repeat(60 - text.length)}`);
}
