import type { ColumnType, Generated } from 'kysely';

export interface ItemTable {
  id: Generated<number>;
  name: string;
  description: string | null;
  /** ISO 8601, UTC. */
  created_at: ColumnType<string, never, never>;
}
