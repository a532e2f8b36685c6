import type { JSONSchema } from 'json-schema-to-ts';

/** The body of every error answer, as in RFC 9457. */
export const problemSchema = {
  type: 'object',
  description: 'Problem details, as in RFC 9457.',
  additionalProperties: false,
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { const: 'about:blank' },
    title: { type: 'string', description: 'Name of the status.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'What went wrong, for people.' },
    errors: {
      type: 'array',
      description: 'What is wrong with the request, field by field; ten at most.',
      maxItems: 10,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['detail'],
        properties: {
          field: {
            type: 'string',
            description:
              'Path of the field in the body, or name of the parameter; absent for the body as a whole.',
          },
          detail: { type: 'string' },
        },
      },
    },
  },
} as const satisfies JSONSchema;
