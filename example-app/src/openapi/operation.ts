import type { JSONSchema } from 'json-schema-to-ts';

/** The part of OpenAPI 3.1 that the operations of this app are described with: https://spec.openapis.org/oas/v3.1.1 */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Responses;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: JSONSchema;
}

export interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: JSONSchema }>>;
  readonly content?: Content;
}

type Content = Readonly<Record<string, { readonly schema: JSONSchema }>>;
export type Responses = Readonly<Record<string, Response>>;
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
/** Operations by path, with parameters as `{name}`, and method. */
export type Paths = Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>;

/** Name of the security scheme of operations that need the API key. */
export const API_KEY_SCHEME = 'apiKey';

/** What a body of this type and named schema is. */
export function jsonContent(schemaName: string): Content {
  return { 'application/json': { schema: schemaReference(schemaName) } };
}

/** Points to a schema of the document by its name. */
export function schemaReference(name: string): JSONSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** Describes parameters by the schemas that they are checked by. */
export function parameters(
  place: 'path' | 'query',
  schemas: Readonly<Record<string, JSONSchema>>,
): Parameter[] {
  return Object.entries(schemas).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path',
    schema,
  }));
}

/** Describes answers that are problem details, by status. */
export function problems(descriptions: Readonly<Record<number, string>>): Responses {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [status, problem(description)]),
  );
}

function problem(description: string): Response {
  return { description, content: { 'application/problem+json': { schema: schemaReference('Problem') } } };
}

const retryAfter = {
  'Retry-After': {
    description: 'Seconds after which another try makes sense.',
    schema: { type: 'integer', minimum: 0 },
  },
} as const;

/** What every operation may answer that takes part in the limits of load. */
export const limitProblems: Responses = {
  429: { ...problem('This client has sent too many requests in this minute.'), headers: retryAfter },
  503: { ...problem('The app has too much to do, or something that it needs is away.'), headers: retryAfter },
};

/** What every operation may answer that takes a JSON body. */
export const bodyProblems: Responses = problems({
  400: 'There is no body, or it is not JSON in UTF-8.',
  413: 'The body is too large.',
  415: 'The body is not announced as JSON, or is compressed.',
  422: 'The body does not have the required form; `errors` names the fields.',
});

/** What every operation answers that needs the API key, if the app has one. */
export const keyProblems: Responses = problems({
  401: 'The app has an API key, and the request does not carry it as `Authorization: Bearer KEY`.',
});
