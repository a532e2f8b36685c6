// What holds for every template: its limits, and that whoever fills it in is told what everything means.
import { describe, expect, test } from 'vitest';
import { templateFiles, templateOf, textOf } from './support/templates.ts';

interface Parameter {
  Type: string;
  Description?: string;
  Default?: string | number;
  AllowedPattern?: string;
  AllowedValues?: (string | number)[];
  MinValue?: number;
  MaxValue?: number;
  ConstraintDescription?: string;
}

/** Whether CloudFormation would take a value for a parameter. */
function accepts(parameter: Parameter, value: string | number): boolean {
  const { AllowedPattern = '', AllowedValues = [value], MinValue, MaxValue } = parameter;
  const inRange = Number(value) >= (MinValue ?? -Infinity) && Number(value) <= (MaxValue ?? Infinity);
  const isNumber = parameter.Type === 'Number';
  return (
    new RegExp(AllowedPattern).test(String(value)) && AllowedValues.includes(value) && (inRange || !isNumber)
  );
}

describe.each(templateFiles)('%s', (file) => {
  const template = templateOf(file);
  const parameters = Object.entries(template.Parameters) as [string, Parameter][];

  test('fits into the body of a request', () => {
    expect(Buffer.byteLength(textOf(file))).toBeLessThan(51_200);
  });

  test('explains every parameter, and says what is allowed when it refuses a value', () => {
    for (const [name, parameter] of parameters) {
      expect(parameter.Description?.length, name).toBeGreaterThan(20);
      expect(parameter.ConstraintDescription, name).toMatch(/^must /);
    }
  });

  test('constrains every parameter', () => {
    const free = parameters.filter(
      ([, { AllowedPattern, AllowedValues, MaxValue }]) =>
        AllowedPattern === undefined && AllowedValues === undefined && MaxValue === undefined,
    );
    expect(free.map(([name]) => name)).toEqual([]);
  });

  test('accepts its own defaults', () => {
    const refused = parameters.filter(
      ([, parameter]) => parameter.Default !== undefined && !accepts(parameter, parameter.Default),
    );
    expect(refused.map(([name]) => name)).toEqual([]);
  });

  test('explains every output', () => {
    for (const [name, { Description }] of Object.entries(template.Outputs))
      expect(Description?.length, name).toBeGreaterThan(10);
  });

  test('asks for every parameter in the form of the console once', () => {
    const groups = /ParameterGroups:\n((?: {6,}.*\n)+)/.exec(textOf(file))?.[1];
    if (groups === undefined) return;
    const asked = [...groups.matchAll(/\b[A-Z]\w+\b/g)].map(([name]) => name);
    for (const [name] of parameters)
      expect(
        asked.filter((word) => word === name),
        name,
      ).toHaveLength(1);
  });

  test('is tied to no account, region or image', () => {
    const text = textOf(file).replace(/^ *(?:Constraint)?Description: (?:>-\n(?: {6,}.*\n)+|.*\n)/gm, '');
    const literals = text.match(
      /\b\d{12}\b|\bami-[0-9a-f]{8,}|\b(?:us|eu|ap|sa|ca|me|af)-[a-z]+-\d\b|arn:aws:/g,
    );
    expect(literals?.filter((literal) => !toldApart.includes(literal)) ?? []).toEqual([]);
  });
});

/** The region whose instances have names of another form, and where CloudFront looks for certificates. */
const toldApart = ['us-east-1'];

describe('the names that an app may have', () => {
  const patterns = templateFiles
    .map((file) => templateOf(file).Parameters['AppName']?.AllowedPattern)
    .filter((pattern) => pattern !== undefined)
    .map((pattern) => new RegExp(pattern));

  test.each(['shop', 'my-shop-2', 'a1'])('take %s', (name) => {
    expect(patterns.length).toBeGreaterThan(5);
    expect(patterns.filter((pattern) => !pattern.test(name))).toEqual([]);
  });

  test.each(['Shop', 'shop-', 'aws-shop', 'ssm', 'my_shop', 'my/shop', 'a'])('refuse %s', (name) => {
    expect(patterns.filter((pattern) => pattern.test(name))).toEqual([]);
  });
});
