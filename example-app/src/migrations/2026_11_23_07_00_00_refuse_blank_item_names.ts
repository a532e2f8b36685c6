import { type Kysely, sql } from 'kysely';

// Not valid: rows from before stay as they are, so that no table is read while it is locked.
export async function up(database: Kysely<unknown>): Promise<void> {
  await sql`
    alter table item add constraint item_name_is_not_blank
    check (btrim(name, E' \\t\\n\\r') <> '') not valid
  `.execute(database);
}

export async function down(database: Kysely<unknown>): Promise<void> {
  await database.schema.alterTable('item').dropConstraint('item_name_is_not_blank').execute();
}
