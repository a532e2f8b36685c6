import {
  API_KEY_SCHEME,
  bodyProblems,
  jsonContent,
  keyProblems,
  limitProblems,
  type Paths,
  parameters,
  problems,
} from '../openapi/operation.ts';
import {
  itemPageQuerySchemas,
  itemPageSchema,
  itemPathSchemas,
  itemSchema,
  newItemSchema,
} from './item.schemas.ts';

const tags = ['items'] as const;
// Without a key the app takes writes from everybody, so both are possible.
const security = [{ [API_KEY_SCHEME]: [] }, {}] as const;
const invalidId = problems({ 400: 'The id is not a whole number in range.' });
const missingItem = problems({ 404: 'There is no item with this id.' });

export const itemSchemas = { Item: itemSchema, ItemPage: itemPageSchema, NewItem: newItemSchema } as const;

/** What can be done with items over HTTP. */
export const itemPaths: Paths = {
  '/items': {
    get: {
      operationId: 'listItems',
      summary: 'A page of items, newest first',
      description: 'Pages go on from an item, not from a count, so that items added meanwhile shift nothing.',
      tags,
      parameters: parameters('query', itemPageQuerySchemas),
      responses: {
        200: { description: 'The page.', content: jsonContent('ItemPage') },
        ...problems({ 400: 'A query parameter is wrong, unknown or given twice.' }),
        ...limitProblems,
      },
    },
    post: {
      operationId: 'createItem',
      summary: 'Store an item',
      tags,
      security,
      requestBody: { required: true, content: jsonContent('NewItem') },
      responses: {
        201: {
          description: 'The item as it was stored.',
          headers: { Location: { description: 'Path of the item.', schema: { type: 'string' } } },
          content: jsonContent('Item'),
        },
        ...bodyProblems,
        ...keyProblems,
        ...limitProblems,
      },
    },
  },
  '/items/{id}': {
    get: {
      operationId: 'readItem',
      summary: 'One item',
      tags,
      parameters: parameters('path', itemPathSchemas),
      responses: {
        200: { description: 'The item.', content: jsonContent('Item') },
        ...invalidId,
        ...missingItem,
        ...limitProblems,
      },
    },
    delete: {
      operationId: 'deleteItem',
      summary: 'Remove an item',
      tags,
      security,
      parameters: parameters('path', itemPathSchemas),
      responses: {
        204: { description: 'It is removed.' },
        ...invalidId,
        ...keyProblems,
        ...missingItem,
        ...limitProblems,
      },
    },
  },
};
