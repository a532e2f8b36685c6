import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMigratedDatabase, type TestDatabase } from './support/databases.ts';
import { type RunningApp, startApp } from './support/running-app.ts';

let database: TestDatabase;
let app: RunningApp;

beforeAll(async () => {
  database = await createMigratedDatabase();
  app = await startApp(database.url);
});

afterAll(async () => {
  await app.stop();
  await database.drop();
});

beforeEach(async () => {
  await database.query('truncate item');
});

async function createItems(count: number): Promise<void> {
  await database.query(`insert into item (name) select 'item ' || n from generate_series(1, $1::int) n`, [
    count,
  ]);
}

async function readNames(path: string): Promise<{ names: string[]; next: string | null }> {
  const response = await app.get(path);
  expect(response.status).toBe(200);
  const { items, next } = (await response.json()) as { items: { name: string }[]; next: string | null };
  return { names: items.map((item) => item.name), next };
}

describe('POST /items', () => {
  it('answers 201 with the item as it was stored', async () => {
    const response = await app.post('/items', { name: 'Tea', description: 'Green, 100 g' });
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      id: expect.any(Number),
      name: 'Tea',
      description: 'Green, 100 g',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(await database.query('select name, description from item')).toEqual([
      { name: 'Tea', description: 'Green, 100 g' },
    ]);
  });

  it.each([{ name: 'Tea' }, { name: 'Tea', description: null }])(
    'takes an item without description: %j',
    async (body) => {
      const response = await app.post('/items', body);
      expect(response.status).toBe(201);
      expect(await response.json()).toMatchObject({ name: 'Tea', description: null });
    },
  );

  it.each(["Robert'); drop table item; --", '$1 {{x}} %s `id` $(id)', 'naïve 茶 🍵', '  spaced\n\ttabbed  '])(
    'keeps every character of %j',
    async (name) => {
      expect(await (await app.post('/items', { name })).json()).toMatchObject({ name });
      expect(await readNames('/items')).toEqual({ names: [name], next: null });
    },
  );

  it('counts characters, not UTF-16 units, against the limit of the name', async () => {
    expect((await app.post('/items', { name: '🍵'.repeat(200) })).status).toBe(201);
  });
});

describe('GET /items', () => {
  it('is an empty list at first', async () => {
    expect(await readNames('/items')).toEqual({ names: [], next: null });
  });

  it('lists the newest first', async () => {
    for (const name of ['first', 'second', 'third']) await app.post('/items', { name });
    expect(await readNames('/items')).toEqual({ names: ['third', 'second', 'first'], next: null });
  });

  it('gives 20 items and the way to the rest', async () => {
    await createItems(21);
    const page = await readNames('/items');
    expect(page.names).toHaveLength(20);
    expect(page.next).toMatch(/^\/items\?limit=20&before=\d+$/);
  });

  it('shows every item once when the pages are followed, also while items are added', async () => {
    await createItems(25);
    const seen: string[] = [];
    let next: string | null = '/items?limit=10';
    while (next) {
      const page = await readNames(next);
      seen.push(...page.names);
      next = page.next;
      await app.post('/items', { name: 'added meanwhile' });
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => `item ${25 - index}`));
  });

  it('has no next page when the last one is full', async () => {
    await createItems(10);
    expect((await readNames('/items?limit=10')).next).toBeNull();
  });

  it.each(['limit=0', 'limit=101', 'limit=', 'limit=ten', 'limit=1.5', 'limit=1&limit=2', 'limit=1e1'])(
    'refuses %s',
    async (query) => {
      const response = await app.get(`/items?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        errors: [{ field: 'limit', detail: 'must be one whole number from 1 to 100' }],
      });
    },
  );

  it.each(['before=0', 'before=-1', 'before=', 'before=x', 'before=99999999999999999999'])(
    'refuses %s',
    async (query) => {
      const response = await app.get(`/items?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ field: 'before' }] });
    },
  );
});
