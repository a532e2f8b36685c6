import type { ItemRepository } from './item.repository.ts';
import type { ItemRow } from './item.table.ts';
import type { Item, ItemPage, NewItem } from './item.ts';

/** Which part of the list is wanted. */
export interface PageRequest {
  readonly limit: number;
  /** Only items older than the one with this id. */
  readonly before: number | undefined;
}

/** What can be done with items. */
export class ItemService {
  readonly #repository: ItemRepository;

  constructor(repository: ItemRepository) {
    this.#repository = repository;
  }

  async create(item: NewItem): Promise<Item> {
    return toItem(await this.#repository.insert(item));
  }

  async list({ limit, before }: PageRequest): Promise<ItemPage> {
    // One row more than asked for tells whether there is a next page, without counting.
    const rows = await this.#repository.list(limit + 1, before);
    const items = rows.slice(0, limit).map(toItem);
    const last = items.at(-1);
    const next = rows.length > limit && last ? `/items?limit=${limit}&before=${last.id}` : null;
    return { items, next };
  }
}

function toItem(row: ItemRow): Item {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    createdAt: row.created_at.toISOString(),
  };
}
