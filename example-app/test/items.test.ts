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
    const item = (await response.json()) as { id: number };
    expect(response.headers.get('location')).toBe(`/items/${item.id}`);
    expect(item).toEqual({
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

  it('goes on from an item that was deleted meanwhile, and skips only what is gone', async () => {
    await createItems(6);
    const { next } = await readNames('/items?limit=2');
    const { items } = (await (await app.get('/items')).json()) as { items: { id: number; name: string }[] };
    for (const { id, name } of items) {
      if (name === 'item 5' || name === 'item 3') await app.delete(`/items/${id}`);
    }
    expect(await readNames(next ?? '')).toEqual({ names: ['item 4', 'item 2'], next: expect.any(String) });
  });

  it('reads no more rows than it shows, however far back the page is', async () => {
    await createItems(1_000);
    await database.query('analyze item');
    const [{ id } = { id: 0 }] = await database.query('select id from item order by id offset 500 limit 1');
    await app.get(`/items?limit=20&before=${id}`);
    const [{ query } = { query: '' }] = await database.query(
      `select query from pg_stat_activity
       where datname = current_database() and application_name = 'example-app' and query like '%$1%limit $2'`,
    );
    const sql = String(query).replace('$1', String(id)).replace('$2', '21');
    const plan = await database.query(`explain (analyze, format json) ${sql}`);
    const text = JSON.stringify(plan);
    // The index of the primary key gives the rows in order from the cursor on: nothing is sorted, nothing skipped.
    expect(text).toContain('"Actual Rows":21');
    expect(text).not.toMatch(/Sort|Seq Scan/);
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

  it.each(['befor=1', 'limit=1&offset=5'])('refuses a parameter that it does not know: %s', async (query) => {
    const response = await app.get(`/items?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ detail: 'is not a known field' }] });
  });

  it.each(['before=0', 'before=-1', 'before=', 'before=x', 'before=99999999999999999999'])(
    'refuses %s',
    async (query) => {
      const response = await app.get(`/items?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ field: 'before' }] });
    },
  );
});

describe('one item', () => {
  async function createItem(name: string): Promise<string> {
    return (await app.post('/items', { name })).headers.get('location') ?? '';
  }

  it('GET /items/:id is the item as it was stored', async () => {
    const created = await app.post('/items', { name: 'Tea', description: 'Green' });
    const response = await app.get(created.headers.get('location') ?? '');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(await created.json());
  });

  it('DELETE /items/:id removes it, and nothing else', async () => {
    const [first, second] = [await createItem('first'), await createItem('second')];
    const response = await app.delete(first);
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
    expect((await app.get(first)).status).toBe(404);
    expect((await app.get(second)).status).toBe(200);
  });

  it('404 for one that is not there, also when it was deleted before', async () => {
    const path = await createItem('Tea');
    await app.delete(path);
    for (const response of [await app.get(path), await app.delete(path)]) {
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ detail: `There is no item ${path.split('/').at(-1)}.` });
    }
  });

  it.each(['0', '-1', '1.5', 'tea', '%00', '%ff', '99999999999999999999', '1%2F2'])(
    '400 for the id %s, with its name',
    async (id) => {
      for (const response of [await app.get(`/items/${id}`), await app.delete(`/items/${id}`)]) {
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({
          errors: [{ field: 'id', detail: `must be one whole number from 1 to ${Number.MAX_SAFE_INTEGER}` }],
        });
      }
    },
  );
});
