/**
 * More than the budget is fed, and the retention keeps to it: `--gigabytes` of lines (10) into a budget of `--budget`
 * gigabytes (2), half of it for records and half for events. The lines hold random text, so that they do not pack well.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArtifactStore } from '@apiary/server/artifacts/store.ts';
import { readOverview } from '@apiary/server/reports/overview.ts';
import { wholeView } from '@apiary/server/reports/view.ts';
import { Retention } from '@apiary/server/retention/retention.ts';
import { StateDatabase } from '@apiary/server/state/database.ts';
import { type RetentionLimits, readKeptFrom } from '@apiary/server/state/retention.ts';
import { createLookups } from '@apiary/server/store/lookups.ts';
import { migrate } from '@apiary/server/store/schema.ts';
import { Store } from '@apiary/server/store/store.ts';
import { submodule as cowrie } from '@apiary/submodules/cowrie/index.ts';

const block_lines = 100_000;
const lines_a_day = 500_000;
const begin_ms = Date.UTC(2026, 0, 1);
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Cowrie's line of a log-in, with a password, a session and a client of their own. */
const blockSql = (first: number): string => `INSERT INTO landing_cowrie_json
  SELECT 1, 'json', 'f', '', 1, number, 0, 0, length(raw), at, ${first / block_lines + 1}, raw FROM (
    SELECT number, fromUnixTimestamp64Milli(toInt64(${begin_ms} + intDiv(number * 86400000, ${lines_a_day})), 'UTC') AS at,
      concat('{"eventid":"cowrie.login.failed","username":"root","password":"', lower(hex(randomString(12))),
        '","message":"login attempt [root/', lower(hex(randomString(16))), '] failed","sensor":"pot","timestamp":"',
        formatDateTime(at, '%Y-%m-%dT%H:%i:%S.%fZ'), '","src_ip":"198.18.', toString(number % 200), '.', toString(rand() % 250),
        '","session":"', lower(hex(randomString(6))), '","uuid":"', toString(generateUUIDv4()), '"}') AS raw
    FROM numbers(${first}, ${block_lines}))`;

function folderBytes(folder: string): number {
  let sum = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    if (found?.isFile()) sum += found.size;
  }
  return sum;
}

export async function run(values: Record<string, string | boolean | undefined>): Promise<unknown> {
  const fed_max = Number(values.gigabytes ?? 10) * 1e9;
  const budget = Number(values.budget ?? 2) * 1e9;
  const root = mkdtempSync(join(tmpdir(), 'apiary-bench-'));
  const state = new StateDatabase(':memory:');
  const store = new Store({ directory: join(root, 'engine') });
  const none = { days: null, bytes_max: null };
  const half = { days: null, bytes_max: budget / 2 };
  const limits: RetentionLimits = {
    records: half,
    events: half,
    artifacts: none,
    captures: none,
    readings: none,
  };
  const retention = new Retention({
    ...{ store, state, limits, recordings: new Map() },
    artifacts: new ArtifactStore(join(root, 'artifacts'), 1e9, state),
    holdLoader: (work) => work(),
    holdAnalysis: (work) => work(),
    alert: () => undefined,
    log: (message) => void process.stderr.write(`${message}\n`),
  });
  try {
    await store.whenUp();
    await createLookups(store);
    await migrate(store, [cowrie]);
    let lines = 0;
    let fed = 0;
    let disk_max = 0;
    let counted_max = 0;
    let retention_seconds = 0;
    const started = performance.now();
    while (fed < fed_max) {
      for (let block = 0; block < 5; block += 1) {
        await store.command(blockSql(lines));
        lines += block_lines;
      }
      // One block says how long lines are.
      if (fed === 0) {
        const [row] = await store.query<{ bytes: number }>(
          'SELECT avg(length(raw)) AS bytes FROM cowrie_json',
        );
        fed = Number(row!.bytes) * lines;
      } else fed *= lines / (lines - 5 * block_lines);
      const usage = await retention.usage();
      counted_max = Math.max(counted_max, usage.records + usage.events);
      const now = performance.now();
      await retention.run(begin_ms + (lines / lines_a_day + 2) * 86_400_000);
      retention_seconds += (performance.now() - now) / 1000;
      disk_max = Math.max(disk_max, folderBytes(join(root, 'engine')));
    }
    const usage = await retention.usage();
    const period = {
      from: new Date(begin_ms).toISOString(),
      to: new Date(begin_ms + 400 * 86_400_000).toISOString(),
    };
    const page = performance.now();
    const overview = await readOverview(wholeView(store, state), period, begin_ms + 400 * 86_400_000);
    return {
      bench: 'retention',
      fed_gigabytes: rounded(fed / 1e9),
      lines,
      budget_gigabytes: budget / 1e9,
      seconds: rounded((performance.now() - started) / 1000),
      retention_seconds: rounded(retention_seconds),
      left_gigabytes: rounded((usage.records + usage.events) / 1e9),
      counted_gigabytes_max: rounded(counted_max / 1e9),
      disk_gigabytes_max: rounded(disk_max / 1e9),
      overview_counts_all: overview.events === lines,
      overview_ms: Math.round(performance.now() - page),
      kept_from: Object.fromEntries(
        Object.entries(readKeptFrom(state)).map(([kind, ms]) => [kind, new Date(ms).toISOString()]),
      ),
    };
  } finally {
    await store.close();
    rmSync(root, { recursive: true });
  }
}
