import type { ColumnType, Generated, Selectable } from 'kysely';

export interface ItemTable {
  id: Generated<number>;
  name: string;
  description: string | null;
  created_at: ColumnType<Date, never, never>;
}

export type ItemRow = Selectable<ItemTable>;
