// Reads CloudFormation templates, and works out the values that their functions stand for.
import { readFileSync } from 'node:fs';
import { type CollectionTag, isSeq, parse, type ScalarTag } from 'yaml';

/** A resource of a template. */
export interface Resource {
  Type: string;
  Condition?: string;
  Properties: Record<string, unknown>;
}

/** A template, with every function in its long form without `Fn::`: `!Sub text` is `{ Sub: 'text' }`. */
export interface Template {
  Parameters: Record<string, { Type: string; Default?: string | number; AllowedPattern?: string }>;
  Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  Conditions?: Record<string, unknown>;
  Rules?: Record<
    string,
    { RuleCondition?: unknown; Assertions: { Assert: unknown; AssertDescription: string }[] }
  >;
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Description?: string; Condition?: string; Value: unknown }>;
}

/** What a template is worked out for. What belongs to resources and is not in it is written as `NAME` or `NAME.ATTRIBUTE`. */
export interface Values {
  /** Parameters, where they differ from their defaults; pseudo parameters (`AWS::Region`); ids of resources. */
  refs?: Record<string, string>;
  /** Attributes of resources, by `NAME.ATTRIBUTE`. */
  attributes?: Record<string, string>;
}

const functions = [
  'Ref',
  'Sub',
  'GetAtt',
  'FindInMap',
  'If',
  'Condition',
  'Equals',
  'Not',
  'And',
  'Or',
  'Join',
  'Select',
  'Split',
  'GetAZs',
];

/**
 * Reads a template.
 * @param file path of a YAML file
 */
export function readTemplate(file: string | URL): Template {
  return parse(readFileSync(file, 'utf8'), { customTags: functions.flatMap(shortForms) });
}

function shortForms(name: string): (ScalarTag | CollectionTag)[] {
  return [
    { tag: `!${name}`, resolve: (text) => ({ [name]: text }) },
    {
      tag: `!${name}`,
      collection: 'seq',
      resolve: (items) => ({ [name]: isSeq(items) ? items.toJSON() : [] }),
    },
  ];
}

/** Stands for `!Ref AWS::NoValue`: whatever has it is left out. */
const noValue = Symbol('AWS::NoValue');

type Apply = (operand: unknown, resolve: (expression: unknown) => unknown) => unknown;

/** A template whose functions are worked out for certain values. */
export class ResolvedTemplate {
  readonly #template: Template;
  readonly #refs: Record<string, unknown>;
  readonly #attributes: Record<string, string>;

  constructor(template: Template, { refs = {}, attributes = {} }: Values) {
    const defaults = Object.entries(template.Parameters).flatMap(([name, { Default }]) =>
      Default === undefined ? [] : [[name, Default]],
    );
    this.#template = template;
    this.#refs = { 'AWS::NoValue': noValue, ...Object.fromEntries(defaults), ...refs };
    this.#attributes = attributes;
  }

  /**
   * The properties of a resource.
   * @throws Error when there is no such resource, or a value that it needs is not known
   */
  properties(name: string): Record<string, unknown> {
    const resource = this.#template.Resources[name];
    if (resource === undefined) throw new Error(`the template has no resource ${name}`);
    return this.resolve(resource.Properties) as Record<string, unknown>;
  }

  /** Whether the resource is created. */
  creates(name: string): boolean {
    const { Condition } = this.#template.Resources[name] ?? {};
    return name in this.#template.Resources && (Condition === undefined || this.condition(Condition));
  }

  /** Whether a condition of the template holds. */
  condition(name: string): boolean {
    return this.resolve(this.#template.Conditions?.[name]) === true;
  }

  /** What CloudFormation says of parameters that do not go together, before it creates anything. */
  refusals(): string[] {
    return Object.values(this.#template.Rules ?? {})
      .filter(({ RuleCondition }) => RuleCondition === undefined || this.resolve(RuleCondition) === true)
      .flatMap(({ Assertions }) => Assertions.filter(({ Assert }) => this.resolve(Assert) !== true))
      .map(({ AssertDescription }) => AssertDescription);
  }

  /**
   * The value of an expression of the template.
   * @throws Error when it uses a function or refers to something that is not known here
   */
  resolve(expression: unknown): unknown {
    if (Array.isArray(expression)) return expression.map((item) => this.resolve(item)).filter(hasValue);
    if (typeof expression !== 'object' || expression === null) return expression;
    const [[key, operand] = ['', undefined], ...others] = Object.entries(expression);
    const name = key.replace(/^Fn::/, '');
    if (others.length === 0 && functions.includes(name)) return this.#apply(name, operand);
    const entries = Object.entries(expression).map(([key, value]) => [key, this.resolve(value)] as const);
    return Object.fromEntries(entries.filter(([, value]) => hasValue(value)));
  }

  #apply(name: string, operand: unknown): unknown {
    const own: Record<string, Apply> = {
      Ref: (target) => this.#ref(String(target)),
      Condition: (target) => this.condition(String(target)),
      GetAtt: (target) => this.#attribute(list(target).join('.')),
      FindInMap: (path) => this.#find(list(this.resolve(path)).map(String)),
      Sub: (target) => this.#substitute(target),
      If: (target) => this.#choose(list(target)),
    };
    const apply = own[name] ?? pure[name];
    if (apply === undefined) throw new Error(`no rule for the function ${name}`);
    return apply(operand, (expression) => this.resolve(expression));
  }

  #ref(name: string): unknown {
    if (name in this.#refs) return this.#parameter(name);
    if (name in this.#template.Resources) return name;
    throw new Error(`no value is given for !Ref ${name}`);
  }

  #parameter(name: string): unknown {
    const value = this.#refs[name];
    const isList = /^(CommaDelimitedList$|List<)/.test(this.#template.Parameters[name]?.Type ?? '');
    return isList ? String(value).split(',') : value;
  }

  #attribute(name: string): string {
    return this.#attributes[name] ?? name;
  }

  #find([map = '', row = '', column = '']: string[]): unknown {
    const value = this.#template.Mappings?.[map]?.[row]?.[column];
    if (value === undefined) throw new Error(`the mapping ${map} has no ${row} ${column}`);
    return value;
  }

  #substitute(operand: unknown): string {
    const [text, given = {}] = list(operand);
    const values = this.resolve(given) as Record<string, unknown>;
    return String(text).replaceAll(/\$\{([^!}][^}]*)\}/g, (_, name: string) => {
      if (name in values) return String(values[name]);
      return String(name.includes('.') ? this.#attribute(name) : this.#ref(name));
    });
  }

  #choose([condition, then, otherwise]: unknown[]): unknown {
    return this.resolve(this.condition(String(condition)) ? then : otherwise);
  }
}

/** The functions that need nothing but their operands. */
const pure: Record<string, Apply> = {
  Equals: (operand, resolve) => {
    const [left, right] = list(resolve(operand));
    return String(left) === String(right);
  },
  Not: (operand, resolve) => list(resolve(operand))[0] !== true,
  And: (operand, resolve) => list(resolve(operand)).every((value) => value === true),
  Or: (operand, resolve) => list(resolve(operand)).some((value) => value === true),
  Join: (operand, resolve) => {
    const [separator, items] = list(resolve(operand));
    return list(items).join(String(separator));
  },
  Split: (operand, resolve) => {
    const [separator, text] = list(resolve(operand));
    return String(text).split(String(separator));
  },
  Select: (operand, resolve) => {
    const [index, items] = list(resolve(operand));
    return list(items)[Number(index)];
  },
};

function hasValue(value: unknown): boolean {
  return value !== noValue;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}
