// The AWS CLI in a cloud's control container, through one process for all commands. It ends with the process that started it.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** Reads a line for each command, a JSON list of its arguments, and answers with one: exit code, output, errors. */
const PROGRAM = `
import json, subprocess, sys
for line in sys.stdin:
    ended = subprocess.run(["aws", *json.loads(line)], capture_output=True, text=True)
    print(json.dumps([ended.returncode, ended.stdout, ended.stderr]), flush=True)`;

/** Runs commands of the AWS CLI one after the other. */
export class AwsCli {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting: PromiseWithResolvers<string>[] = [];
  #end: Error | undefined;

  /**
   * @param container the one that has the CLI
   * @param variables what it finds in its environment
   */
  constructor(container: string, variables: Record<string, string>) {
    const environment = Object.entries(variables).map(([name, value]) => `--env=${name}=${value}`);
    const command = ['exec', '--interactive', ...environment, container, 'python3', '-c', PROGRAM];
    this.#process = spawn('docker', command, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      this.#waiting.shift()?.resolve(line);
    });
    this.#process.on('exit', (code) => this.#fail(new Error(`the AWS CLI's process ended with ${code}`)));
    this.#process.stdin.on('error', (error) => this.#fail(error));
  }

  /**
   * Runs `aws` with these arguments.
   * @returns what it printed on standard output, trimmed
   * @throws Error with what it printed on standard error
   */
  async run(args: string[]): Promise<string> {
    if (this.#end) throw this.#end;
    const answered = Promise.withResolvers<string>();
    this.#waiting.push(answered);
    this.#process.stdin.write(`${JSON.stringify(args)}\n`);
    const [code, output, errors]: [number, string, string] = JSON.parse(await answered.promise);
    if (code !== 0) throw new Error(`aws ${args.join(' ')} failed: ${errors.trim()}`);
    return output.trim();
  }

  /** Whether it takes no more commands. */
  get ended(): boolean {
    return this.#end !== undefined;
  }

  #fail(error: Error): void {
    this.#end = error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
