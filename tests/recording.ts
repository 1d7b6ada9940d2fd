/**
 * Whole recordings of real honeypots, for tests that put them through records and events and count them without our
 * SQL. The recordings lie beside the repository; where they do not, a test says so by name, and fails when CI is true.
 */
import assert from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Submodule } from '@apiary/model/submodule.ts';
import type { ConformanceEngine, LandedRecord } from '@apiary/submodules/conformance.ts';
import type { SampleRecord } from '@apiary/submodules/sample.ts';
import { openEngine } from './submodule-engine.ts';

export const recordings = fileURLToPath(new URL('../../shared/data/', import.meta.url));
const block_rows = 20_000;

/** Why a test over a folder of recordings is left out, or false. */
export function missing(folder: string): string | false {
  if (existsSync(join(recordings, folder))) return false;
  assert.notEqual(process.env.CI, 'true', `the recordings ${folder} are not there`);
  return `left out: the recordings ${folder} are not there`;
}

export const readPlain = (path: string): Buffer =>
  path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path);

export const filesIn = (folder: string, pattern: RegExp): string[] =>
  readdirSync(join(recordings, folder))
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(recordings, folder, name));

/** One record after another into the engine, in blocks as the loader makes them. */
export async function landAll(
  engine: ConformanceEngine,
  records: SampleRecord[],
  generation: bigint,
): Promise<void> {
  for (let at = 0; at < records.length; at += block_rows) {
    const block: LandedRecord[] = records.slice(at, at + block_rows).map((record) => ({
      ...record,
      sensor_id: 1,
      generation,
      collect_ts: '2026-11-24 00:00:00.000000',
      segment_id: generation,
    }));
    await engine.insertRecords(block, `${generation}-${at}`);
  }
}

/** The rows of a query that names and counts, as an object sorted by name. */
export async function countBy(engine: ConformanceEngine, sql: string): Promise<Record<string, number>> {
  const rows = await engine.query<{ name: string; rows: string }>(sql);
  return Object.fromEntries(rows.map(({ name, rows: count }) => [name, Number(count)]).sort());
}

/** An engine for the tests of one `describe`. */
export function withEngine(submodule: Submodule): { engine: ConformanceEngine } {
  const held = {} as { engine: ConformanceEngine };
  before(async () => {
    held.engine = await openEngine(submodule, 'single');
  });
  after(() => held.engine?.close());
  return held;
}

/** How often each name comes, sorted by name. */
export const tally = (names: Iterable<string>): Record<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));
};
