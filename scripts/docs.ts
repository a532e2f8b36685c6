import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { readTemplate } from './cloudformation.ts';
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

/** The parts of a template that its README shows. */
export interface TemplateDescription {
  Parameters: Record<
    string,
    { Description?: string; Default?: string | number; ConstraintDescription?: string }
  >;
  Outputs: Record<string, { Description?: string }>;
}

/**
 * Puts the parameters and outputs of each template between the markers with its name.
 * @param templates by file name
 * @throws Error when a marker is missing
 */
export function withTemplates(readme: string, templates: Record<string, TemplateDescription>): string {
  return Object.entries(templates).reduce(
    (text, [file, template]) => withSection(text, file, templateTables(template)),
    readme,
  );
}

function templateTables({ Parameters, Outputs }: TemplateDescription): string {
  const parameters = Object.entries(Parameters).map(([name, parameter]) => [
    code(name),
    parameter.Default === undefined
      ? '(required)'
      : parameter.Default === ''
        ? '(empty)'
        : code(`${parameter.Default}`),
    `${parameter.Description ?? ''} It ${parameter.ConstraintDescription ?? ''}`,
  ]);
  const outputs = Object.entries(Outputs).map(([name, { Description = '' }]) => [code(name), Description]);
  return [
    table([['Parameter', 'Default', 'What it is'], ...parameters]),
    '',
    table([['Output', 'What it is'], ...outputs]),
  ].join('\n');
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

interface Document {
  path: URL;
  wanted: string;
  source: string;
}

/** The documents with generated parts, as they should be. */
function documents(): Document[] {
  const readme = new URL('../README.md', import.meta.url);
  const action: ActionDescription = parse(readFileSync(new URL('../action.yml', import.meta.url), 'utf8'));
  const folder = new URL('../infra-template/', import.meta.url);
  const templatesReadme = new URL('README.md', folder);
  const files = globSync('*.yaml', { cwd: fileURLToPath(folder) }).sort();
  const templates = Object.fromEntries(files.map((file) => [file, readTemplate(new URL(file, folder))]));
  return [
    {
      path: readme,
      wanted: withPolicies(
        withTables(readFileSync(readme, 'utf8'), action),
        roleOf('github-oidc.yaml', 'DeployRole'),
      ),
      source: 'action.yml and infra-template/github-oidc.yaml',
    },
    {
      path: templatesReadme,
      wanted: withTemplates(readFileSync(templatesReadme, 'utf8'), templates),
      source: 'the templates',
    },
  ];
}

function main(check: boolean): void {
  for (const { path, wanted, source } of documents()) {
    if (readFileSync(path, 'utf8') === wanted) continue;
    if (check) {
      console.error(
        `${fileURLToPath(path)} does not show what ${source} say: run "npm run docs" and commit it`,
      );
      process.exitCode = 1;
    } else writeFileSync(path, wanted);
  }
}

if (import.meta.main) main(process.argv.includes('--check'));
