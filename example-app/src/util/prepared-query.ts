import type { Compilable, Kysely } from 'kysely';

/**
 * Builds a query's SQL once instead of at each execution.
 * @param query with any values, in the order in which its SQL has them.
 * @returns what executes it with other values, given in that order, and returns the rows.
 */
export function prepareQuery<Row, Values extends readonly unknown[]>(
  database: Pick<Kysely<unknown>, 'executeQuery'>,
  query: Compilable<Row>,
): (...values: Values) => Promise<Row[]> {
  const compiled = query.compile();
  return async (...values) => (await database.executeQuery<Row>({ ...compiled, parameters: values })).rows;
}
