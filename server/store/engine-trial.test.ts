/** Another engine's first look at a database: on a copy, and without a trace where it cannot read it. */
import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, type TestContext, test } from 'node:test';
import type { OperationalError } from '@apiary/model/errors.ts';
import { tryEngine } from './engine-trial.ts';
import { Store } from './store.ts';

let said: string[] = [];
beforeEach(() => {
  said = [];
});
const log = (message: string): void => {
  said.push(message);
};

async function withStore<T>(directory: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = new Store({ directory });
  try {
    await store.whenUp();
    return await work(store);
  } finally {
    await store.close();
  }
}

const countRows = (directory: string): Promise<number> =>
  withStore(directory, async (store) =>
    Number((await store.query<{ rows: string }>('SELECT count() AS rows FROM trial'))[0]!.rows),
  );

/** A database of 200,000 rows in one part with a file for each column. */
async function makeDatabase(t: TestContext): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-trial-'));
  t.after(() => rmSync(directory, { recursive: true }));
  await withStore(directory, async (store) => {
    await store.command(
      'CREATE TABLE trial (number UInt64, text String) ENGINE = MergeTree ORDER BY number SETTINGS min_bytes_for_wide_part = 0',
    );
    await store.command('INSERT INTO trial SELECT number, hex(sipHash128(number)) FROM numbers(200000)');
  });
  return directory;
}

const listFiles = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());

const hashFiles = (directory: string): Map<string, string> =>
  new Map(
    listFiles(join(directory, 'db')).map((path) => [
      path,
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    ]),
  );

test('a new version is tried once, and changes nothing of the database', async (t) => {
  const directory = await makeDatabase(t);
  const before = hashFiles(directory);
  let prepared = 0;
  const prepare = async (store: Store): Promise<void> => {
    prepared += 1;
    await store.command('ALTER TABLE trial DELETE WHERE number >= 10 SETTINGS mutations_sync = 2');
    await store.command('OPTIMIZE TABLE trial FINAL');
  };
  await tryEngine(directory, { version: '9.9.9', prepare, log });
  assert.deepStrictEqual(hashFiles(directory), before);
  assert.match(said.join(' '), /9\.9\.9 is tried.*reads all 1 tables/);
  await tryEngine(directory, { version: '9.9.9', prepare, log });
  assert.strictEqual(prepared, 1);
  assert.strictEqual(await countRows(directory), 200_000);
  await tryEngine(directory, { version: '9.9.8', prepare, log });
  assert.strictEqual(prepared, 2, 'going back is tried, too');
});

test('an engine that sets a part aside as broken does not get the database', async (t) => {
  const directory = await makeDatabase(t);
  const columns = listFiles(join(directory, 'db')).find((path) => path.endsWith('all_1_1_0/columns.txt'))!;
  writeFileSync(columns, 'columns format version: 77\n');
  const before = hashFiles(directory);
  await assert.rejects(
    tryEngine(directory, { version: '9.9.9', prepare: async () => undefined, log }),
    (error: OperationalError) => error.code === 'engine_unfit' && /aside as broken/.test(error.message),
  );
  assert.deepStrictEqual(hashFiles(directory), before);
  assert.deepStrictEqual(readdirSync(directory).toSorted(), ['db', 'engine.xml', 'has-room']);
});

test('an engine that fails in what a start does with the database does not get it', async (t) => {
  const directory = await makeDatabase(t);
  const prepare = (store: Store): Promise<void> =>
    store.command('ALTER TABLE no_such_table DROP COLUMN text');
  await assert.rejects(
    tryEngine(directory, { version: '9.9.9', prepare, log }),
    (error: OperationalError) => error.code === 'engine_unfit' && /no_such_table/.test(error.message),
  );
  assert.strictEqual(await countRows(directory), 200_000);
});
