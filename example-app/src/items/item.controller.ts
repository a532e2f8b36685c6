import type { Router } from '@koa/router';
import { readJson } from '../util/json-body.ts';
import { Problem } from '../util/problem.ts';
import { bodyValidator, parameterValidator } from '../util/validation.ts';
import { itemPageQuerySchemas, itemPathSchemas, newItemSchema } from './item.schemas.ts';
import type { ItemService } from './item.service.ts';

const parseNewItem = bodyValidator(newItemSchema);
const parsePath = parameterValidator('path', itemPathSchemas);
const parsePageQuery = parameterValidator('query', itemPageQuerySchemas);

/** List, read, create and delete items. */
export function addItemRoutes(router: Router, items: ItemService): void {
  router.get('/items', async (context) => {
    context.body = await items.list(parsePageQuery(context.query));
  });

  router.post('/items', async (context) => {
    const item = await items.create(parseNewItem(await readJson(context)));
    context.status = 201;
    context.set('Location', `/items/${item.id}`);
    context.body = item;
  });

  router.get('/items/:id', async (context) => {
    const { id } = parsePath(context.params);
    context.body = (await items.find(id)) ?? missing(id);
  });

  router.delete('/items/:id', async (context) => {
    const { id } = parsePath(context.params);
    if (!(await items.delete(id))) missing(id);
    context.status = 204;
  });
}

function missing(id: number): never {
  throw new Problem(404, `There is no item ${id}.`);
}
