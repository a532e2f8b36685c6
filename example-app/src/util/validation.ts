import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import { type FieldError, Problem } from './problem.ts';

/** Keywords of which the schema's own words say more to a reader than the rule, such as a regular expression. */
const DESCRIBED: ReadonlySet<string> = new Set(['pattern', 'minProperties', 'maxProperties']);
/** Enough to repair a request by; a body full of unknown fields gets no answer longer than itself. */
const MOST_ERRORS = 10;

let ajv: Ajv2020 | undefined;

function makeAjv(): Ajv2020 {
  return new Ajv2020({
    allErrors: true,
    verbose: true,
    useDefaults: true,
    allowUnionTypes: true,
    // The tests check the schemas as part of the API's description.
    validateSchema: false,
  });
}

/** @returns what compiles the schema when it is first called: done before, it would be a quarter of the time to start. */
function compileLater<T>(schema: object): () => ValidateFunction<T> {
  let compiled: ValidateFunction<T> | undefined;
  return () => {
    ajv ??= makeAjv();
    compiled ??= ajv.compile<T>(schema);
    return compiled;
  };
}

/**
 * Makes of a JSON schema a function that returns the body with its type.
 * The function throws Problem 422 with the fields that are wrong.
 */
export function bodyValidator<const S extends JSONSchema>(schema: S): (body: unknown) => FromSchema<S>;
export function bodyValidator(schema: object): (body: unknown) => unknown {
  const validator = compileLater(schema);
  return (body) => {
    const isValid = validator();
    if (isValid(body)) return body;
    throw new Problem(422, 'The body does not have the required form.', { errors: fieldErrors(isValid) });
  };
}

/** The schema of a parameter in the path or the query: a whole number. */
export interface IntegerSchema {
  readonly type: 'integer';
  readonly description: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly default?: number;
}

/** What is read from the parameters: a number where the schema has a default or the path has it in any case. */
type Values<P extends 'path' | 'query', S extends Record<string, IntegerSchema>> = {
  [Name in keyof S]: P extends 'path'
    ? number
    : S[Name] extends { default: number }
      ? number
      : number | undefined;
};

/**
 * Makes of the schemas of all parameters of a path or a query string a function that returns them as numbers.
 * The function throws Problem 400 with the parameters that are wrong, unknown or given twice.
 */
export function parameterValidator<P extends 'path' | 'query', const S extends Record<string, IntegerSchema>>(
  place: P,
  schemas: S,
): (texts: Readonly<Record<string, unknown>>) => Values<P, S> {
  const validator = compileLater<Values<P, S>>({
    type: 'object',
    additionalProperties: false,
    required: place === 'path' ? Object.keys(schemas) : [],
    properties: schemas,
  });
  return (texts) => {
    const isValid = validator();
    const values = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, toNumber(text)]));
    if (isValid(values)) return values;
    throw new Problem(400, `The ${place} has a parameter that is not valid.`, {
      errors: fieldErrors(isValid),
    });
  };
}

/** Digits become their number; anything else stays what it is, and is refused by the schema. */
function toNumber(text: unknown): unknown {
  return typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : text;
}

function fieldErrors({ errors }: ValidateFunction): FieldError[] {
  return (errors ?? []).slice(0, MOST_ERRORS).map(toFieldError);
}

function toFieldError(error: ErrorObject): FieldError {
  const field = fieldOf(error);
  return { ...(field && { field }), detail: detailOf(error) };
}

function fieldOf(error: ErrorObject): string {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const missing: unknown = error.params['missingProperty'];
  const unknown: unknown = error.params['additionalProperty'];
  return [...path, missing, unknown].filter((part) => part !== undefined).join('.');
}

/** Undoes the two escapes of a JSON pointer (RFC 6901). */
function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function detailOf({ keyword, message, parentSchema }: ErrorObject): string {
  if (keyword === 'required') return 'is required';
  if (keyword === 'additionalProperties') return 'is not a known field';
  const { type, minimum, maximum, description } = parentSchema ?? {};
  if (type === 'integer') return `must be one whole number from ${minimum} to ${maximum}`;
  if (keyword === 'type' && Array.isArray(type)) return `must be ${type.join(' or ')}`;
  if (DESCRIBED.has(keyword) && typeof description === 'string') return `must be ${description}`;
  return message ?? 'is not valid';
}
