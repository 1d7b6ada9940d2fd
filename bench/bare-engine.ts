/**
 * The bare engine: chDB in this process, the same landing table, views and projections, blocks of 20,000 rows
 * ready made, fsync and tokens. What Apiary's whole way is compared with.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { RowWriter, row_columns, runPrefix } from '@apiary/server/loader/rows.ts';
import { landingStatement, readMigrations, readViews } from '@apiary/server/store/schema.ts';
import { insert_settings } from '@apiary/server/store/store.ts';
import { submodules } from '@apiary/submodules/index.ts';
import type { Session as ChdbSession } from 'chdb';

const { Session } = createRequire(import.meta.url)('chdb') as { Session: typeof ChdbSession };
export const block_rows = 20_000;

function makeBlocks(lines: Buffer): Buffer[] {
  const run = {
    stream: 'json',
    source: '/var/log/cowrie.json',
    generation: '00000000000000aa',
    kind: 'lines' as const,
    first: '0',
    next: '0',
    records: 0,
    bytes: 0,
  };
  const prefix = runPrefix(1, run, String(BigInt(Date.now()) * 1000n), 1n);
  const blocks: Buffer[] = [];
  let writer = new RowWriter(block_rows * 512);
  let at = 0;
  while (at < lines.length) {
    const end = lines.indexOf(10, at);
    writer.add(prefix, at, 0, 0, end - at, lines, at, end);
    at = end + 1;
    if (writer.rows === block_rows || at >= lines.length) {
      blocks.push(writer.bytes());
      writer = new RowWriter(block_rows * 512);
    }
  }
  return blocks;
}

/** @returns lines per second */
export async function measureBareEngine(directory: string, lines: Buffer, count: number): Promise<number> {
  const session = new Session(join(directory, 'db'));
  session.query('CREATE DATABASE apiary');
  session.query('USE apiary');
  for (const [table, columns] of [
    ['geo_country', 'country String'],
    ['geo_as', 'asn UInt32, name String'],
  ]) {
    session.query(
      `CREATE TABLE ${table}_prefix (prefix String, ${columns}) ENGINE = MergeTree ORDER BY prefix`,
    );
    session.query(
      `CREATE DICTIONARY ${table} (prefix String, ${columns}) PRIMARY KEY prefix SOURCE(CLICKHOUSE(DB 'apiary' TABLE '${table}_prefix')) LAYOUT(IP_TRIE()) LIFETIME(0)`,
    );
  }
  const cowrie = submodules.filter(({ name }) => name === 'cowrie');
  const core = readMigrations('core', new URL('../server/store/migrations/', import.meta.url), 'single');
  for (const { statements } of [
    ...core,
    ...cowrie.flatMap(({ name, folder }) => readMigrations(name, new URL('migrations/', folder), 'single')),
  ]) {
    for (const statement of statements) session.query(statement);
  }
  session.query(landingStatement('cowrie_json', 'single'));
  for (const view of cowrie.flatMap((submodule) => readViews(submodule, 'single')))
    session.query(view.statement);
  const blocks = makeBlocks(lines);
  const started = performance.now();
  for (const [index, values] of blocks.entries()) {
    await session.insert({
      table: 'landing_cowrie_json',
      values,
      format: 'TabSeparated',
      columns: row_columns,
      settings: { ...insert_settings, insert_deduplication_token: String(index) },
    });
  }
  const seconds = (performance.now() - started) / 1000;
  const stored = Number(session.query('SELECT count() FROM cowrie_json', 'TabSeparated'));
  session.close();
  if (stored !== count) throw new Error(`the bare engine holds ${stored} lines of ${count}`);
  return count / seconds;
}

const [directory, path, count] = process.argv.slice(2);
if (process.argv[1] === import.meta.filename && directory !== undefined && path !== undefined) {
  const { readFileSync } = await import('node:fs');
  const rate = await measureBareEngine(directory, readFileSync(path), Number(count));
  process.stdout.write(`${JSON.stringify({ lines_per_second: rate })}\n`);
}
