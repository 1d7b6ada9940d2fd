/**
 * Brings the engine's schema up to date: forward-only migrations, locked by their hash, then the views,
 * which are made anew whenever their text has changed. Runs before the loader, so no segment is in flight.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { OperationalError } from '@apiary/model/errors.ts';
import { type Submodule, streamNames } from '@apiary/model/submodule.ts';
import type { Store } from './store.ts';
import {
  cluster_name,
  createdTables,
  home_tables,
  landing_columns,
  onCluster,
  type Rendering,
  renderTemplate,
  splitSelects,
  splitStatements,
  storedName,
} from './template.ts';

/** Records of a type that has no submodule yet wait here, raw, until it comes. */
export const waiting_type = 'waiting';

export interface SchemaPart {
  /** `core` or the name of a submodule. */
  owner: string;
  name: string;
  /** Hash of the template, not of its rendering. */
  hash: string;
  statements: string[];
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Statements that create the tables of one migration, with what the rendering needs beside them. */
export function renderMigration(template: string, rendering: Rendering): string[] {
  const statements = splitStatements(template).map((statement) =>
    renderTemplate(statement, { rendering }).replace(/^CREATE TABLE (?!IF)/, 'CREATE TABLE IF NOT EXISTS '),
  );
  if (rendering === 'single') return statements;
  return [
    ...statements,
    ...splitStatements(template).flatMap((statement) =>
      createdTables(statement).flatMap((table) =>
        distribute(table, rendering, statement.includes('{{merge_tree Replacing')),
      ),
    ),
  ];
}

/** @param is_replaced newer rows replace older ones of the same key */
function distribute(table: string, rendering: Rendering, is_replaced: boolean): string[] {
  const stored = storedName(table, rendering);
  const is_home = home_tables.has(table);
  // Without a key nothing can look for a sensor's rows of them on that sensor's shard.
  const key = is_home ? '' : ', cityHash64(sensor_id)';
  const distributed = `CREATE TABLE IF NOT EXISTS ${table}${onCluster(rendering)} AS ${stored} ENGINE = Distributed('${cluster_name}', currentDatabase(), '${table}_local'${key})`;
  if (rendering === 'cluster') return [distributed];
  const here = is_home ? 'shardNum() = 1' : 'cityHash64(sensor_id) % 2 = shardNum() - 1';
  // A view does not hand a query's FINAL on to its table, as a shard of a cluster does.
  const final = is_replaced ? ' FINAL' : '';
  const shard = `CREATE VIEW IF NOT EXISTS ${table}_local AS SELECT * FROM ${stored}${final} WHERE ${here}`;
  return [shard, distributed];
}

/** @param name `<type>_<stream>`: each stream has its own, so that an insert runs the views of that stream alone */
export function landingStatement(name: string, rendering: Rendering): string {
  const columns = landing_columns.map(([name, kind]) => `${name} ${kind}`).join(', ');
  return renderTemplate(`CREATE TABLE IF NOT EXISTS {{table landing_${name}}} (${columns}) ENGINE = Null`, {
    rendering,
  });
}

/** The migrations of a folder, rendered. */
export function readMigrations(owner: string, folder: URL, rendering: Rendering): SchemaPart[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d{3}.*\.sql$/.test(name))
    .sort()
    .map((name) => {
      const template = readFileSync(new URL(name, folder), 'utf8');
      return { owner, name, hash: hashOf(template), statements: renderMigration(template, rendering) };
    });
}

/** A materialized view: its name, the hash of its text, and the statement that makes it. */
export interface View {
  name: string;
  hash: string;
  statement: string;
}

/** Landing → record → event views of a submodule. */
export function readViews(submodule: Submodule, rendering: Rendering): View[] {
  const read = (name: string): string => readFileSync(new URL(name, submodule.folder), 'utf8');
  const records = splitSelects(read('records.sql'), 'into').map(({ table, select }) =>
    makeView(
      `${table}_view`,
      table,
      renderTemplate(select, { rendering, type: submodule.name, table }),
      rendering,
    ),
  );
  const events = readEventSelects(submodule, rendering).map(({ table, select }) =>
    makeView(`${table}_event_view`, 'event', select, rendering),
  );
  return [...records, ...events];
}

/** What makes events of the records of each table. */
export function readEventSelects(
  submodule: Submodule,
  rendering: Rendering,
): { table: string; select: string }[] {
  const text = readFileSync(new URL('events.sql', submodule.folder), 'utf8');
  return splitSelects(text, 'from').map(({ table, select }) => ({
    table,
    select: renderTemplate(select, { rendering, type: submodule.name, table }),
  }));
}

function makeView(name: string, target: string, select: string, rendering: Rendering): View {
  const statement = `CREATE MATERIALIZED VIEW ${name}${onCluster(rendering)} TO ${storedName(target, rendering)} AS ${select}`;
  return { name, hash: hashOf(statement), statement };
}

const waiting_migration = `CREATE TABLE {{table record_waiting}} (sensor_id UInt32, stream LowCardinality(String),
  source LowCardinality(String), time_zone LowCardinality(String), generation UInt64, place UInt64, version UInt32,
  flags UInt16, original_size UInt32, collect_ts DateTime64(6, 'UTC'), segment_id UInt64, raw String CODEC(ZSTD(1)))
  ENGINE = {{merge_tree}} PARTITION BY toYYYYMM(collect_ts) ORDER BY (sensor_id, stream, generation, place, version)
  SETTINGS {{insert_settings}};`;

/** Everything that a start makes, in its order. */
function listParts(submodules: readonly Submodule[], rendering: Rendering): SchemaPart[] {
  return [
    ...readMigrations('core', new URL('./migrations/', import.meta.url), rendering),
    {
      owner: 'core',
      name: 'waiting',
      hash: hashOf(waiting_migration),
      statements: renderMigration(waiting_migration, rendering),
    },
    ...submodules.flatMap((submodule) =>
      readMigrations(submodule.name, new URL('migrations/', submodule.folder), rendering),
    ),
  ];
}

/** In sentences, where the engine's tables and views are not those of this version. */
export async function findDrift(store: Store, submodules: readonly Submodule[]): Promise<string[]> {
  const { rendering } = store;
  const there = await store.query<{ name: string }>(
    'SELECT name FROM system.tables WHERE database = currentDatabase()',
  );
  const names = new Set(there.map(({ name }) => name));
  if (!names.has('schema_history')) return ['there is no schema yet: the first start makes it'];
  const applied = await store.query<Applied>(applied_sql);
  const known = new Map(applied.map(({ owner, name, hash }) => [`${owner}/${name}`, hash]));
  const parts = listParts(submodules, rendering);
  const tables = parts.flatMap(({ statements }) =>
    statements.flatMap((statement) => /^CREATE TABLE IF NOT EXISTS (\w+)/.exec(statement)?.slice(1, 2) ?? []),
  );
  const views = submodules.flatMap((submodule) => readViews(submodule, rendering));
  return [
    ...parts
      .filter(({ owner, name, hash }) => known.get(`${owner}/${name}`) !== hash)
      .map(({ owner, name }) => `the migration ${name} of ${owner} was not applied, or as another text`),
    ...views
      .filter(({ name, hash }) => known.get(`view/${name}`) !== hash)
      .map(({ name }) => `the view ${name} is of another version`),
    ...[...tables, ...views.map(({ name }) => name)]
      .filter((name) => !names.has(name))
      .map((name) => `${name} is missing`),
  ];
}

const applied_sql =
  'SELECT owner, name, argMax(hash, applied_ts) AS hash FROM schema_history GROUP BY owner, name';

/** Steps that are noted with one insert. */
const noted_at_once = 50;

interface Applied {
  owner: string;
  name: string;
  hash: string;
}

/** Hashes by `owner/name`: what each shard's node knows to be applied; '' where one of them does not. */
async function readApplied(store: Store): Promise<Map<string, string[]>> {
  const known = new Map<string, string[]>();
  for (const [index, shard] of store.shards.entries())
    for (const { owner, name, hash } of await shard.query<Applied>(applied_sql)) {
      const key = `${owner}/${name}`;
      const hashes = known.get(key) ?? store.shards.map(() => '');
      hashes[index] = hash;
      known.set(key, hashes);
    }
  return known;
}

/**
 * A step is done again, over the whole cluster, where one shard's node does not know it.
 * @throws OperationalError `conflict` when a migration that was applied has changed since
 */
export async function migrate(store: Store, submodules: readonly Submodule[]): Promise<void> {
  const { rendering } = store;
  const on_cluster = onCluster(rendering);
  await store.command(
    `CREATE TABLE IF NOT EXISTS schema_history${on_cluster} (owner String, name String, hash String, applied_ts DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY (owner, name, applied_ts)`,
  );
  const known = await readApplied(store);
  const isApplied = (name: string, hash: string): boolean =>
    known.get(name)?.every((one) => one === hash) ?? false;
  // What is not noted yet when the engine dies is done again, which changes nothing.
  let done: { owner: string; name: string; hash: string; applied_ts: string }[] = [];
  const note = async (): Promise<void> => {
    for (const shard of store.shards) await shard.insertRows('schema_history', done);
    done = [];
  };
  const remember = async (owner: string, name: string, hash: string): Promise<void> => {
    const applied_ts = new Date().toISOString().slice(0, 23).replace('T', ' ');
    done.push({ owner, name, hash, applied_ts });
    if (done.length >= noted_at_once) await note();
  };

  const parts = listParts(submodules, rendering);
  for (const { owner, name, hash, statements } of parts) {
    if (isApplied(`${owner}/${name}`, hash)) continue;
    if (known.get(`${owner}/${name}`)?.some((before) => before !== '' && before !== hash)) {
      throw new OperationalError(
        'conflict',
        `the migration ${name} of ${owner} was changed after it had been applied; write a new one instead`,
      );
    }
    for (const statement of statements) await store.command(statement);
    await remember(owner, name, hash);
  }
  const streams = submodules.flatMap((submodule) =>
    streamNames(submodule).map((stream) => `${submodule.name}_${stream}`),
  );
  for (const name of [...streams, waiting_type]) await store.command(landingStatement(name, rendering));
  const waiting_select = `SELECT ${landing_columns.map(([name]) => name).join(', ')} FROM ${storedName(`landing_${waiting_type}`, rendering)}`;
  const views = [
    ...submodules.flatMap((submodule) => readViews(submodule, rendering)),
    makeView('record_waiting_view', 'record_waiting', waiting_select, rendering),
  ];
  for (const view of views) {
    if (isApplied(`view/${view.name}`, view.hash)) continue;
    await store.command(`DROP TABLE IF EXISTS ${view.name}${on_cluster}`);
    await store.command(view.statement);
    await remember('view', view.name, view.hash);
  }
  await note();
}
