import { jsonContent, type Paths } from '../openapi/operation.ts';

const check = {
  type: 'object',
  additionalProperties: false,
  required: ['ok'],
  properties: { ok: { type: 'boolean' }, detail: { type: 'string', description: 'What is missing.' } },
} as const;

export const readySchemas = {
  Readiness: {
    type: 'object',
    additionalProperties: false,
    required: ['ready', 'stopping', 'checks'],
    properties: {
      ready: { type: 'boolean' },
      stopping: { type: 'boolean', description: 'Whether the process was told to end.' },
      checks: {
        type: 'object',
        additionalProperties: false,
        required: ['database', 'migrations', 'model'],
        properties: { database: check, migrations: check, model: check },
      },
    },
  },
} as const;

/** Whether the app can serve. */
export const readyPaths: Paths = {
  '/ready': {
    get: {
      operationId: 'ready',
      summary: 'Whether everything that the app offers can be served',
      description:
        'The database answers, every migration of this release is applied, and the model is loaded.',
      tags: ['service'],
      responses: {
        200: { description: 'It can.', content: jsonContent('Readiness') },
        503: { description: 'It cannot; the checks say why.', content: jsonContent('Readiness') },
      },
    },
  },
};
