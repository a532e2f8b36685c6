import type { Router } from '@koa/router';
import { readJson } from '../util/json-body.ts';
import { readIntegerParameter } from '../util/query.ts';
import { bodyValidator } from '../util/validation.ts';
import type { ItemService } from './item.service.ts';
import { newItemSchema } from './item.ts';

const parseNewItem = bodyValidator(newItemSchema);

export function addItemRoutes(router: Router, items: ItemService): void {
  router.get('/items', async (context) => {
    const limit = readIntegerParameter(context, 'limit', { least: 1, most: 100 }) ?? 20;
    const before = readIntegerParameter(context, 'before', { least: 1, most: Number.MAX_SAFE_INTEGER });
    context.body = await items.list({ limit, before });
  });

  router.post('/items', async (context) => {
    const item = await items.create(parseNewItem(await readJson(context)));
    context.status = 201;
    context.body = item;
  });
}
