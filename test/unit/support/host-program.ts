// Functions of the host program, run by a real bash.
import { spawnSync } from 'node:child_process';

const program = `${import.meta.dirname}/../../../src/host/program.sh`;

/**
 * Runs lines of bash in which every function of the host program is known.
 * @param script what to run; `field` prints a value that `runProgram` returns, `next` reads one of the fields into REPLY
 * @param fields values without a NUL character
 * @returns the printed fields
 * @throws Error with what bash said, if it ends in any way but well
 */
export function runProgram(script: string, fields: string[] = []): string[] {
  const helpers = "field() { printf '%s\\0' \"$1\"; }\nnext() { IFS= read -r -d '' REPLY; }";
  const lines = `source ${program}\n${helpers}\n${script}`;
  // A bash whose standard input is a socket, as Node's pipes are, takes itself for a remote shell and reads .bashrc.
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', lines], {
    input: fields.map((value) => `${value}\0`).join(''),
    env: { PATH: process.env['PATH'] },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0 || stderr !== '') throw new Error(`bash ended with ${status}: ${stderr}`);
  return stdout.split('\0').slice(0, -1);
}
