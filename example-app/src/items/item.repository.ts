import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import type { NewItem } from './item.schemas.ts';
import type { ItemRow } from './item.table.ts';

const COLUMNS = ['id', 'name', 'description', 'created_at'] as const;

/** The queries on items. */
export class ItemRepository {
  readonly #database: Kysely<Database>;

  constructor(database: Kysely<Database>) {
    this.#database = database;
  }

  /** Returns the newest items, at most `limit`, only those older than the item `before` if one is given. */
  list(limit: number, before: number | undefined): Promise<ItemRow[]> {
    return this.#database
      .selectFrom('item')
      .select(COLUMNS)
      .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
  }

  /** Returns one item; undefined when there is none with this id. */
  find(id: number): Promise<ItemRow | undefined> {
    return this.#database.selectFrom('item').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  }

  /** Stores an item and returns it with what the database added. */
  insert(item: NewItem): Promise<ItemRow> {
    return this.#database
      .insertInto('item')
      .values({ name: item.name, description: item.description ?? null })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
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
