import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Described {
  description: string;
  default?: string;
}

/** The parts of action.yml that the README shows. */
export interface ActionDescription {
  inputs: Record<string, Described>;
  outputs: Record<string, Described>;
}

/**
 * Puts the tables of inputs and outputs between their markers.
 * @returns the README's text with both tables
 * @throws Error when a marker is missing
 */
export function withTables(readme: string, action: ActionDescription): string {
  return withTable(withTable(readme, 'inputs', inputsTable(action)), 'outputs', outputsTable(action));
}

function inputsTable({ inputs }: ActionDescription): string[][] {
  const rows = Object.entries(inputs).map(([name, input]) => [
    code(name),
    input.default === undefined ? '' : code(input.default),
    input.description,
  ]);
  return [['Input', 'Default', 'What it is'], ...rows];
}

function outputsTable({ outputs }: ActionDescription): string[][] {
  const rows = Object.entries(outputs).map(([name, output]) => [code(name), output.description]);
  return [['Output', 'What it is'], ...rows];
}

function withTable(readme: string, section: string, [head = [], ...rows]: string[][]): string {
  const start = `<!-- ${section}:start -->`;
  const end = `<!-- ${section}:end -->`;
  const from = readme.indexOf(start);
  const to = readme.indexOf(end, from);
  if (from < 0 || to < 0)
    throw new Error(`README.md has no lines "${start}" and "${end}": put them where the table belongs`);
  const table = [head, head.map(() => '---'), ...rows].map(tableRow).join('\n');
  return `${readme.slice(0, from + start.length)}\n${table}\n${readme.slice(to)}`;
}

function tableRow(cells: string[]): string {
  return `| ${cells.map((cell) => cell.trim().replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function main(check: boolean): void {
  const readmePath = new URL('../README.md', import.meta.url);
  const actionPath = new URL('../action.yml', import.meta.url);
  const readme = readFileSync(readmePath, 'utf8');
  const wanted = withTables(readme, parse(readFileSync(actionPath, 'utf8')) as ActionDescription);
  if (readme === wanted) return;
  if (check) {
    console.error('README.md does not show what action.yml says: run "npm run docs" and commit README.md');
    process.exitCode = 1;
  } else writeFileSync(readmePath, wanted);
}

if (import.meta.main) main(process.argv.includes('--check'));
