/**
 * Events derived again from `--lines` records of Cowrie (2,000,000), log-ins of which each gives one event: once with
 * the SQL unchanged, where nothing is written, and once with another one, where every event is, with its projections.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Submodule } from '@apiary/model/submodule.ts';
import { deriveAgain } from '@apiary/server/derivation/derive.ts';
import { StateDatabase } from '@apiary/server/state/database.ts';
import { createLookups } from '@apiary/server/store/lookups.ts';
import { migrate } from '@apiary/server/store/schema.ts';
import { Store } from '@apiary/server/store/store.ts';
import { submodule as cowrie } from '@apiary/submodules/cowrie/index.ts';

const block_lines = 100_000;
const begin_ms = Date.UTC(2026, 0, 1);
const lines_a_day = 100_000;

/** Log-ins with a session, a client and one of 50,000 passwords each. */
const blockSql = (first: number): string => `INSERT INTO landing_cowrie_json
  SELECT 1, 'json', 'f', '', 1, number, 0, 0, length(raw), at, ${first / block_lines + 1}, raw FROM (
    SELECT number, fromUnixTimestamp64Milli(toInt64(${begin_ms} + intDiv(number * 86400000, ${lines_a_day})), 'UTC') AS at,
      concat('{"eventid":"cowrie.login.failed","username":"root","password":"pw', toString(rand() % 50000),
        '","message":"login attempt [root/pw] failed","sensor":"pot","timestamp":"',
        formatDateTime(at, '%Y-%m-%dT%H:%i:%S.%fZ'), '","src_ip":"198.18.', toString(number % 200), '.', toString(rand(1) % 250),
        '","session":"', lower(hex(number)), '"}') AS raw
    FROM numbers(${first}, ${block_lines}))`;

export async function run(values: Record<string, string | boolean | undefined>): Promise<unknown> {
  const lines = Math.ceil(Number(values.lines ?? 2_000_000) / block_lines) * block_lines;
  const root = mkdtempSync(join(tmpdir(), 'apiary-bench-'));
  cpSync(cowrie.folder, join(root, 'cowrie'), { recursive: true });
  const changed: Submodule = { ...cowrie, folder: pathToFileURL(join(root, 'cowrie/')) };
  const path = join(root, 'cowrie/events.sql');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll("'authenticate'", "'probe'"));
  const state = new StateDatabase(':memory:');
  const store = new Store({ directory: join(root, 'engine') });
  try {
    await store.whenUp();
    await createLookups(store);
    await migrate(store, [cowrie]);
    for (let first = 0; first < lines; first += block_lines) await store.command(blockSql(first));
    const measure = async (submodule: Submodule) => {
      const began = performance.now();
      const { actions, months_changed } = await deriveAgain({
        ...{ store, state, submodule, settledSegment: () => BigInt(lines) },
        holdLoader: (work) => work(),
        holdAnalysis: (work) => work(),
        log: () => undefined,
      });
      const seconds = (performance.now() - began) / 1000;
      return {
        ...{ seconds: Math.round(seconds * 100) / 100, records_per_second: Math.round(lines / seconds) },
        ...{ actions, months_changed },
      };
    };
    return { records: lines, unchanged: await measure(cowrie), changed: await measure(changed) };
  } finally {
    await store.close();
    rmSync(root, { recursive: true });
  }
}
