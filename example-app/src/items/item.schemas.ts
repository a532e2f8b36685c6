import type { FromSchema, JSONSchema } from 'json-schema-to-ts';

// These schemas are what requests are checked by, what /openapi.json shows, and where the types come from.

/** PostgreSQL stores no NUL, and an unpaired surrogate is no character. */
const STORABLE = '[^\\u0000\\p{Cs}]';
const STORABLE_NOT_BLANK = '[^\\s\\u0000\\p{Cs}]';

export const itemIdSchema = {
  type: 'integer',
  description: 'Id of an item.',
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
} as const satisfies JSONSchema;

/** What a client sends to create an item. */
export const newItemSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      type: 'string',
      description: 'text that is not blank, without NUL or unpaired surrogates',
      maxLength: 200,
      pattern: `^\\s*${STORABLE_NOT_BLANK}${STORABLE}*$`,
    },
    description: {
      type: ['string', 'null'],
      description: 'text without NUL or unpaired surrogates',
      maxLength: 2000,
      pattern: `^${STORABLE}*$`,
    },
  },
} as const satisfies JSONSchema;

export type NewItem = FromSchema<typeof newItemSchema>;

/** An item as the API shows it. */
export const itemSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'name', 'description', 'createdAt'],
  properties: {
    id: itemIdSchema,
    name: { type: 'string' },
    description: { type: ['string', 'null'] },
    createdAt: { type: 'string', format: 'date-time', description: 'When it was stored, in UTC.' },
  },
} as const satisfies JSONSchema;

export type Item = FromSchema<typeof itemSchema>;

/** Items, newest first, and where the list goes on. */
export const itemPageSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['items', 'next'],
  properties: {
    items: { type: 'array', items: itemSchema, maxItems: 100 },
    next: { type: ['string', 'null'], description: 'Path of the next page; null on the last one.' },
  },
} as const satisfies JSONSchema;

export type ItemPage = FromSchema<typeof itemPageSchema>;

/** Which part of the list is wanted. */
export const itemPageQuerySchemas = {
  limit: { type: 'integer', description: 'Most items on the page.', minimum: 1, maximum: 100, default: 20 },
  before: {
    ...itemIdSchema,
    description: 'Only items older than the one with this id, which need not exist.',
  },
} as const satisfies Record<string, JSONSchema>;

/** Which item is meant. */
export const itemPathSchemas = { id: itemIdSchema } as const satisfies Record<string, JSONSchema>;
