import { jsonContent, limitProblems, type Paths } from './operation.ts';

const tags = ['service'] as const;

export const serviceSchemas = {
  About: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'version', 'release'],
    properties: {
      name: { type: 'string' },
      version: { type: 'string', description: 'What the image was built as.' },
      release: { type: ['string', 'null'], description: 'Id of the release; null outside of a deployment.' },
    },
  },
  Health: {
    type: 'object',
    additionalProperties: false,
    required: ['status'],
    properties: { status: { const: 'ok' } },
  },
} as const;

/** What the app says of itself. */
export const servicePaths: Paths = {
  '/': {
    get: {
      operationId: 'about',
      summary: 'Which version and release runs',
      tags,
      responses: { 200: { description: 'What runs.', content: jsonContent('About') }, ...limitProblems },
    },
  },
  '/health': {
    get: {
      operationId: 'health',
      summary: 'Whether the process lives',
      description: 'Asks nothing else: a database that is away does not make a release bad.',
      tags,
      responses: { 200: { description: 'It lives.', content: jsonContent('Health') } },
    },
  },
  '/metrics': {
    get: {
      operationId: 'metrics',
      summary: 'Metrics for Prometheus',
      tags,
      responses: {
        200: {
          description: 'Metrics in the text format of Prometheus.',
          content: { 'text/plain': { schema: { type: 'string' } } },
        },
      },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'describe',
      summary: 'This document',
      tags,
      responses: {
        200: {
          description: 'The description of this API in OpenAPI 3.1.',
          content: { 'application/json': { schema: { type: 'object' } } },
        },
        ...limitProblems,
      },
    },
  },
};
