import type { ErrorObject, JSONSchemaType } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type FieldError, Problem } from './problem.ts';

/** Enough to repair a request by; a body full of unknown fields gets no answer longer than itself. */
const MOST_ERRORS = 10;

const ajv = new Ajv2020({ allErrors: true, verbose: true });

/**
 * Compiles a JSON schema once into a function that returns the body with its type.
 * The function throws Problem 422 with the fields that are wrong.
 */
export function bodyValidator<T>(schema: JSONSchemaType<T>): (body: unknown) => T {
  const isValid = ajv.compile(schema);
  return (body) => {
    if (isValid(body)) return body;
    const errors = (isValid.errors ?? []).slice(0, MOST_ERRORS).map(toFieldError);
    throw new Problem(422, 'The body does not have the required form.', { errors });
  };
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

function detailOf(error: ErrorObject): string {
  if (error.keyword === 'required') return 'is required';
  if (error.keyword === 'additionalProperties') return 'is not a known field';
  if (error.keyword === 'type' && error.parentSchema?.['nullable'] === true)
    return `${error.message} or null`;
  const description: unknown = error.parentSchema?.['description'];
  // A regular expression says less to a reader than the schema's own words.
  if (error.keyword === 'pattern' && typeof description === 'string') return `must be ${description}`;
  return error.message ?? 'is not valid';
}
