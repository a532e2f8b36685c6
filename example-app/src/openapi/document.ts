import { itemPaths, itemSchemas } from '../items/item.operations.ts';
import { predictPaths, predictSchemas } from '../predict/predict.operations.ts';
import { readyPaths, readySchemas } from '../ready/ready.operations.ts';
import { API_KEY_SCHEME } from './operation.ts';
import { problemSchema } from './problem.schema.ts';
import { servicePaths, serviceSchemas } from './service.operations.ts';

/** This API in OpenAPI 3.1. Its schemas are the very ones that requests are checked by. */
export type ApiDescription = ReturnType<typeof describeApi>;

/** @param version of the app, shown as the document's own */
export function describeApi(version: string) {
  return {
    openapi: '3.1.1',
    info: {
      title: 'example-app',
      version,
      description:
        'Items in PostgreSQL, and the sentiment of sentences. Errors are problem details (RFC 9457). What no operation ' +
        'lists: 404 and 405 where there is none, 408 and 431 for requests that are too slow or too large to be read.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths: { ...servicePaths, ...readyPaths, ...itemPaths, ...predictPaths },
    components: {
      schemas: {
        ...serviceSchemas,
        ...readySchemas,
        ...itemSchemas,
        ...predictSchemas,
        Problem: problemSchema,
      },
      securitySchemes: {
        [API_KEY_SCHEME]: {
          type: 'http',
          scheme: 'bearer',
          description: 'The value of API_KEY. Where the app has none, writes need none.',
        },
      },
    },
  };
}
