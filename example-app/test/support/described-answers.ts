import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describeApi } from '../../src/openapi/document.ts';
import type { Response as Described, Method, Operation, Paths } from '../../src/openapi/operation.ts';

/** An answer, as far as the API's description speaks of it. */
export interface Answer {
  readonly method: string;
  /** Path of the request, with its query string. */
  readonly path: string;
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
}

export const description = describeApi('1.2.3');
const paths: Paths = description.paths;

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
formats.default(ajv, ['date-time', 'uri']);
for (const [name, schema] of Object.entries(description.components.schemas))
  ajv.addSchema(schema, `api:${name}`);
const validators = new Map<string, ValidateFunction>();

/** Throws Error when an answer is not one that /openapi.json describes: its status, its content type or its body. */
export function requireDescribed(answer: Answer): void {
  const described = describedResponse(answer);
  if (!described) throw complaint(answer, `${answer.status} is not among the described statuses`);
  if (answer.method === 'HEAD') return;
  const [type] = answer.contentType?.split(';') ?? [];
  const schema = described.content?.[type ?? '']?.schema;
  if (described.content === undefined && answer.body === '') return;
  if (schema === undefined) throw complaint(answer, `the content type ${type} is not described`);
  const isValid = validatorOf(schema);
  if (!isValid(type === 'text/plain' ? answer.body : JSON.parse(answer.body))) {
    throw complaint(answer, ajv.errorsText(isValid.errors));
  }
}

/** What no operation needs to describe: there is nothing at this path, or not by this method. */
const unmatched: Readonly<Record<number, Described>> = Object.fromEntries(
  [404, 405].map((status) => [
    status,
    {
      description: '',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  ]),
);

function describedResponse({ method, path, status }: Answer): Described | undefined {
  return (operationOf(method, path)?.responses ?? unmatched)[status];
}

/** Returns the operation that a request means; HEAD means GET. */
function operationOf(method: string, path: string): Operation | undefined {
  const verb = (method === 'HEAD' ? 'GET' : method).toLowerCase() as Method;
  const [pathname = ''] = path.split('?');
  const template = Object.keys(paths).find((candidate) => patternOf(candidate).test(pathname));
  return template === undefined ? undefined : paths[template]?.[verb];
}

function patternOf(template: string): RegExp {
  const pattern = template.replace(/[.]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}/?$`);
}

function validatorOf(schema: unknown): ValidateFunction {
  const text = JSON.stringify(schema).replaceAll('#/components/schemas/', 'api:');
  const known = validators.get(text);
  if (known) return known;
  const made = ajv.compile(JSON.parse(text));
  validators.set(text, made);
  return made;
}

function complaint({ method, path, status, body }: Answer, what: string): Error {
  return new Error(`${method} ${path} answered ${status}, not as described: ${what}\n${body.slice(0, 1000)}`);
}
