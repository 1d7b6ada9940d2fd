import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { prepareSchema } from './prepare-schema.ts';
import { Store } from './store.ts';

const directory = mkdtempSync(join(tmpdir(), 'apiary-prepare-'));
const store = new Store({ directory, rendering: 'single' });
after(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

test('the first start says beforehand what takes long; later ones need not', async () => {
  await store.whenUp();
  const told: string[] = [];
  const tables = async (): Promise<number> =>
    (await store.query('SELECT name FROM system.tables WHERE database = currentDatabase()')).length;
  const before: Promise<number>[] = [];
  const log = (message: string): void => {
    told.push(message);
    before.push(tables());
  };
  await prepareSchema(store, [], log);
  await prepareSchema(store, [], log);
  assert.deepEqual(told, ['making the tables of 0 sensor types; this takes some minutes at the first start']);
  assert.ok((await before[0]!) < (await tables()));
});
