import type { ItemRepository } from './item.repository.ts';
import type { Item, ItemPage, NewItem } from './item.schemas.ts';

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

  /** Stores an item and returns it with id and time. */
  create(item: NewItem): Promise<Item> {
    return this.#repository.insert(item);
  }

  /** Returns one item; undefined when there is none with this id. */
  find(id: number): Promise<Item | undefined> {
    return this.#repository.find(id);
  }

  /** Removes an item; false when there is none with this id. */
  delete(id: number): Promise<boolean> {
    return this.#repository.delete(id);
  }

  /** Returns a page of items, newest first, and the path of the next one. */
  async list({ limit, before }: PageRequest): Promise<ItemPage> {
    // One row more than asked for tells whether there is a next page, without counting.
    const rows = await this.#repository.list(limit + 1, before);
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const next = rows.length > limit && last ? `/items?limit=${limit}&before=${last.id}` : null;
    return { items, next };
  }
}
