import type { Kysely } from 'kysely';
import type { Database } from '../database.ts';
import type { ItemRow } from './item.table.ts';
import type { NewItem } from './item.ts';

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

  /** Stores an item and returns it with what the database added. */
  insert(item: NewItem): Promise<ItemRow> {
    return this.#database
      .insertInto('item')
      .values({ name: item.name, description: item.description ?? null })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
  }
}
