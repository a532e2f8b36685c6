import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import { prepareQuery } from '../util/prepared-query.ts';
import type { Item, NewItem } from './item.schemas.ts';

const COLUMNS = ['id', 'name', 'description', 'created_at as createdAt'] as const;

/** The queries on items. */
export class ItemRepository {
  readonly #database: Kysely<Database>;
  readonly #newest: (limit: number) => Promise<Item[]>;
  readonly #olderThan: (id: number, limit: number) => Promise<Item[]>;
  readonly #insert: (name: string, description: string | null) => Promise<Item[]>;

  constructor(database: Kysely<Database>) {
    this.#database = database;
    const newest = database.selectFrom('item').select(COLUMNS).orderBy('id', 'desc').limit(0);
    this.#newest = prepareQuery(database, newest);
    this.#olderThan = prepareQuery(database, newest.where('id', '<', 0));
    this.#insert = prepareQuery(
      database,
      database.insertInto('item').values({ name: '', description: null }).returning(COLUMNS),
    );
  }

  /** Returns the newest items, at most `limit`, only those older than the item `before` if one is given. */
  list(limit: number, before: number | undefined): Promise<Item[]> {
    return before === undefined ? this.#newest(limit) : this.#olderThan(before, limit);
  }

  /** Returns one item; undefined when there is none with this id. */
  find(id: number): Promise<Item | undefined> {
    return this.#database.selectFrom('item').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  }

  /** Stores an item and returns it with what the database added. */
  async insert({ name, description = null }: NewItem): Promise<Item> {
    const [item] = await this.#insert(name, description);
    if (!item) throw new RangeError('the database returned no row for the item that it stored');
    return item;
  }

  /** Removes an item; false when there is none with this id. */
  async delete(id: number): Promise<boolean> {
    const { numDeletedRows } = await this.#database
      .deleteFrom('item')
      .where('id', '=', id)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }
}
