import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Policy, roleOf } from './roles.ts';

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
  const withInputs = withSection(readme, 'inputs', table(inputsTable(action)));
  return withSection(withInputs, 'outputs', table(outputsTable(action)));
}

/**
 * Puts the deploy role's policies between their markers.
 * @param role what it may do, and who may take it
 * @throws Error when a marker is missing
 */
export function withPolicies(readme: string, { policy, trust }: { policy: Policy; trust: Policy }): string {
  return withSection(withSection(readme, 'policy', json(policy)), 'trust', json(trust));
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

function withSection(readme: string, section: string, text: string): string {
  const start = `<!-- ${section}:start -->`;
  const end = `<!-- ${section}:end -->`;
  const from = readme.indexOf(start);
  const to = readme.indexOf(end, from);
  if (from < 0 || to < 0)
    throw new Error(`README.md has no lines "${start}" and "${end}": put them where the section belongs`);
  return `${readme.slice(0, from + start.length)}\n${text}\n${readme.slice(to)}`;
}

function table([head = [], ...rows]: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map(tableRow).join('\n');
}

function tableRow(cells: string[]): string {
  return `| ${cells.map((cell) => cell.trim().replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function json(value: unknown): string {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}

function code(text: string): string {
  return `\`${text}\``;
}

function main(check: boolean): void {
  const readmePath = new URL('../README.md', import.meta.url);
  const actionPath = new URL('../action.yml', import.meta.url);
  const readme = readFileSync(readmePath, 'utf8');
  const action: ActionDescription = parse(readFileSync(actionPath, 'utf8'));
  const wanted = withPolicies(withTables(readme, action), roleOf('github-oidc.yaml', 'DeployRole'));
  if (readme === wanted) return;
  if (check) {
    console.error(
      'README.md does not show what action.yml and infra-template/github-oidc.yaml say: run "npm run docs" and commit README.md',
    );
    process.exitCode = 1;
  } else writeFileSync(readmePath, wanted);
}

if (import.meta.main) main(process.argv.includes('--check'));
