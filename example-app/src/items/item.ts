import type { JSONSchemaType } from 'ajv';

/** An item as the API shows it. */
export interface Item {
  readonly id: number;
  readonly name: string;
  readonly description: string | null;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** What a client sends to create an item. */
export interface NewItem {
  name: string;
  description?: string | null;
}

/** Items, newest first, and where the list goes on. */
export interface ItemPage {
  readonly items: readonly Item[];
  /** Path of the next page; null on the last one. */
  readonly next: string | null;
}

/** PostgreSQL stores no NUL, and an unpaired surrogate is no character. */
const STORABLE = '[^\\u0000\\p{Cs}]';
const STORABLE_NOT_BLANK = '[^\\s\\u0000\\p{Cs}]';

export const newItemSchema: JSONSchemaType<NewItem> = {
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
      type: 'string',
      description: 'text without NUL or unpaired surrogates',
      nullable: true,
      maxLength: 2000,
      pattern: `^${STORABLE}*$`,
    },
  },
};
