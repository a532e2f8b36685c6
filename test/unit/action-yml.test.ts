import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ActionDescription, withTables } from '../../scripts/docs.ts';
import {
  type Given,
  inputDefaults,
  otherDefaults,
  readCheckInputs,
  readInputs,
  readRollbackInputs,
} from '../../src/inputs.ts';
import { nothingKnown, writeOutputs } from '../../src/outputs.ts';

interface Action extends ActionDescription {
  name: string;
  description: string;
  runs: Record<string, string>;
}

const action = parse(readFileSync('action.yml', 'utf8')) as Action;
const readme = readFileSync('README.md', 'utf8');
const runner = { AWS_REGION: 'eu-central-1', GITHUB_REPOSITORY: 'org/my-app' };

function withDefaultsOfAction(given: Record<string, string>): (name: string) => string {
  return (name) => given[name] ?? action.inputs[name]?.default ?? '';
}

describe('action.yml', () => {
  it('has exactly the inputs that are read', () => {
    const read = new Set<string>();
    const given = withDefaultsOfAction({ 'stack-name': 'my-app' });
    readInputs((name) => {
      read.add(name);
      return given(name);
    }, runner);
    expect(Object.keys(action.inputs).toSorted()).toEqual([...read].toSorted());
  });

  it('has the defaults of the code, as texts', () => {
    const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']);
    expect(Object.fromEntries(defaults)).toEqual(inputDefaults);
  });

  it('has defaults that are valid', () => {
    const stack = { 'stack-name': 'my-app' };
    const fromCode = readInputs((name) => (name === 'stack-name' ? 'my-app' : ''), runner);
    expect(readInputs(withDefaultsOfAction(stack), runner)).toEqual(fromCode);
  });

  it('has exactly the outputs that are written', () => {
    const written: string[] = [];
    writeOutputs(nothingKnown, (name) => written.push(name));
    expect(Object.keys(action.outputs)).toEqual(written);
  });

  it('describes every input and output in whole sentences', () => {
    const described = [...Object.entries(action.inputs), ...Object.entries(action.outputs)];
    expect(described.filter(([, { description }]) => !/^[A-Z`].*\.$/s.test(description.trim()))).toEqual([]);
  });

  it('runs the same bundle before and after the job, always', () => {
    expect(action.runs).toEqual({
      using: 'node24',
      main: 'dist/index.js',
      post: 'dist/index.js',
      'post-if': 'always()',
    });
  });

  it('fits the Marketplace, which takes up to 125 characters', () => {
    expect(action.description.length).toBeLessThanOrEqual(125);
  });
});

describe.each([
  ['rollback', readRollbackInputs, { post: 'index.js', 'post-if': 'always()' }],
  ['check', readCheckInputs, {}],
] as const)('%s/action.yml', (folder, read, postStep) => {
  const other = parse(readFileSync(`${folder}/action.yml`, 'utf8')) as Action;

  it('has no input that is not read', () => {
    const asked = new Set<string>();
    read((name) => {
      asked.add(name);
      return name === 'stack-name' ? 'my-app' : '';
    }, runner);
    expect(Object.keys(other.inputs).filter((name) => !asked.has(name))).toEqual([]);
  });

  it('has the defaults of the deploy, but for how long a check waits', () => {
    const defaults: Record<string, string> = { ...inputDefaults, ...otherDefaults };
    const different = Object.entries(other.inputs).filter(
      ([name, input]) => (input.default ?? '') !== defaults[name],
    );
    expect(different.map(([name]) => name)).toEqual(folder === 'check' ? ['wait-for-instance'] : []);
    const given: Given = (name) => (name === 'stack-name' ? 'my-app' : (other.inputs[name]?.default ?? ''));
    expect(() => read(given, runner)).not.toThrow();
  });

  it('has the outputs of the deploy', () => {
    expect(Object.keys(other.outputs)).toEqual(Object.keys(action.outputs));
  });

  it('describes every input and output in whole sentences', () => {
    const described = [...Object.entries(other.inputs), ...Object.entries(other.outputs)];
    expect(described.filter(([, { description }]) => !/^[A-Z`].*\.$/s.test(description.trim()))).toEqual([]);
  });

  it('runs the bundle of the deploy, told what to do', () => {
    expect(other.runs).toEqual({ using: 'node24', main: 'index.js', ...postStep });
    const started = readFileSync(`${folder}/index.js`, 'utf8');
    expect(started).toContain(`process.env['EC2_DEPLOY_STORY'] = '${folder}';`);
    expect(started).toContain("import('../dist/index.js')");
  });
});

describe("the README's tables", () => {
  it('show what action.yml says', () => {
    expect(readme, 'run "npm run docs" and commit README.md').toBe(withTables(readme, action));
  });

  it('replace what stood between the markers, and nothing else', () => {
    const text =
      'Top\n<!-- inputs:start -->\nold\n<!-- inputs:end -->\nMiddle\n<!-- outputs:start --><!-- outputs:end -->\nEnd\n';
    const described = {
      inputs: {
        port: { description: 'A port,\n80 | 81.\n', default: '80' },
        env: { description: 'Variables.' },
      },
      outputs: { url: { description: 'Address.' } },
    };
    expect(withTables(text, described)).toBe(
      [
        'Top',
        '<!-- inputs:start -->',
        '| Input | Default | What it is |',
        '| --- | --- | --- |',
        '| `port` | `80` | A port, 80 \\| 81. |',
        '| `env` |  | Variables. |',
        '<!-- inputs:end -->',
        'Middle',
        '<!-- outputs:start -->',
        '| Output | What it is |',
        '| --- | --- |',
        '| `url` | Address. |',
        '<!-- outputs:end -->',
        'End',
        '',
      ].join('\n'),
    );
  });

  it('need their markers', () => {
    expect(() => withTables('# Title\n', action)).toThrow(
      'README.md has no lines "<!-- inputs:start -->" and "<!-- inputs:end -->": put them where the section belongs',
    );
  });
});
