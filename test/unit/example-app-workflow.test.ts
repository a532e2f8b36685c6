import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'example-app');

interface Step {
  uses?: string;
  with?: Record<string, string>;
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

const text = read('example-app/.github/workflows/deploy.yml');
const workflow: { jobs: Record<string, { steps: Step[] }> } = parse(text);
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
const readme = read('example-app/README.md');

function stepThatUses(action: string): Step {
  const [found, ...more] = steps.filter(({ uses }) => uses?.startsWith(`${action}@`));
  if (found === undefined || more.length > 0) throw new Error(`the workflow uses ${action} not exactly once`);
  return found;
}

describe('the workflow of the example app', () => {
  it('pins what others write to a commit, and follows the major version of this action', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.filter((uses) => !/@[0-9a-f]{40}$/.test(uses))).toEqual(['org/ec2-deploy-action@v1']);
  });

  it('gives this action inputs that it has', () => {
    const { inputs }: { inputs: Record<string, unknown> } = parse(read('action.yml'));
    const given = Object.keys(stepThatUses('org/ec2-deploy-action').with ?? {});
    expect(given.filter((name) => !(name in inputs))).toEqual([]);
    expect(given).toContain('migrate-command');
  });

  it('deploys a template that is there, with parameters that it has', () => {
    const given = stepThatUses('aws-actions/aws-cloudformation-github-deploy').with ?? {};
    const template = parse(read(given['template'] ?? ''), { logLevel: 'silent' });
    const names = given['parameter-overrides']?.split(',').map((pair) => pair.split('=')[0]) ?? [];
    expect(names).toContain('AppName');
    expect(Object.keys(template.Parameters)).toEqual(expect.arrayContaining(names));
  });

  it('runs the migration that the image has, on the path where it is', () => {
    const [, program = '', name] =
      stepThatUses('org/ec2-deploy-action').with?.['migrate-command']?.split(' ') ?? [];
    expect(name).toBe('latest');
    const source = program.replace('dist/', 'src/').replace('.js', '.ts');
    expect(globSync(source, { cwd: folder })).toEqual([source]);
  });

  it('takes no variable, secret or environment of GitHub, and no parameter, that the README does not list', () => {
    const taken = [...text.matchAll(/\b(?:vars|secrets)\.(\w+)/g)].map(([, name]) => name ?? '');
    expect([...new Set(taken)].sort()).toEqual(['AWS_REGION', 'DEPLOY_ROLE', 'TEMPLATE_ROLE']);
    const environments = [...text.matchAll(/^ +environment: (\w+)$/gm)].map(([, name]) => name ?? '');
    const parameters = [...text.matchAll(/=\/\$\{\{ env\.APP \}\}(\/[\w-]+)/g)].map(
      ([, path]) => `/example-app${path}`,
    );
    expect([environments, parameters]).toEqual([['infrastructure'], ['/example-app/database-url']]);
    const missing = [...taken, ...environments, ...parameters].filter((name) => !readme.includes(name));
    expect(missing).toEqual([]);
  });
});
