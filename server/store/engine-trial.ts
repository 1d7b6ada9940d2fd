/**
 * An engine of another version than the one that wrote a database is tried on a copy first. What it does to the files
 * when it opens them cannot be taken back, and what it cannot read it sets aside: both befall the copy.
 *
 * The copy costs little room: parts of tables never change once they are written, so their large files are linked.
 */
import assert from 'node:assert';
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { OperationalError } from '@apiary/model/errors.ts';
import { isNoRoom, Store } from './store.ts';

export interface EngineTrialOptions {
  /** Of the engine that is installed. */
  version?: string;
  /** What this version of Apiary does to a database when it starts. */
  prepare: (store: Store) => Promise<void>;
  log: (message: string) => void;
}

const start_within_ms = 600_000;
const restarts_max = 2;
const trial_prefix = 'trial-';
/** Files of a part that hold columns, marks and indexes. */
const unchanging = /\.(bin|mrk\d?|cmrk\d?|idx|cidx)$/;
const linked_from_bytes = 64 * 1024;
/** Rows of each table that are read whole. */
const rows_read = 10_000;

function installedVersion(): string {
  const { version } = createRequire(import.meta.url)('chdb/package.json') as { version: string };
  return version;
}

function readVersion(path: string): string {
  if (!existsSync(path)) return 'unknown';
  return /"engine":"([^"]+)"/.exec(readFileSync(path, 'utf8'))?.[1] ?? 'unknown';
}

function writeVersion(path: string, version: string): void {
  writeFileSync(`${path}.new`, `${JSON.stringify({ engine: version })}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function removeTrials(directory: string): void {
  for (const name of readdirSync(directory).filter((one) => one.startsWith(trial_prefix)))
    rmSync(join(directory, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    const stat = lstatSync(source);
    if (stat.isDirectory()) copyFolder(source, target);
    else if (stat.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (unchanging.test(name) && stat.size >= linked_from_bytes) linkSync(source, target);
    else if (stat.isFile()) copyFileSync(source, target);
  }
}

/** Parts that the engine set aside as broken, in all tables. */
async function countBroken(store: Store): Promise<number> {
  const [row] = await store.query<{ broken: string }>(
    "SELECT count() AS broken FROM system.detached_parts WHERE database = 'apiary' AND reason LIKE 'broken%'",
  );
  return Number(row!.broken);
}

function countBrokenBefore(database: string): number {
  const store = join(database, 'store');
  if (!existsSync(store)) return 0;
  return readdirSync(store, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\/detached\/broken[^/]*$/.test(path),
  ).length;
}

async function whenUp(store: Store): Promise<void> {
  const engine = store.engine;
  assert(engine !== undefined, 'the copy has an engine of its own');
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it did not answer in ten minutes')), start_within_ms);
    const look = (): void => {
      if (engine.state === 'up') resolve();
      else if (engine.restarts > restarts_max) reject(new Error(engine.last_error));
      else return;
      clearTimeout(timer);
      engine.off('state', look);
    };
    engine.on('state', look);
    look();
  });
}

/** @throws Error with what the engine cannot do with the copy */
async function examine(
  store: Store,
  database: string,
  prepare: EngineTrialOptions['prepare'],
): Promise<number> {
  await whenUp(store);
  const tables = await store.query<{ name: string; stores: boolean }>(
    "SELECT name, engine LIKE '%MergeTree' AS stores FROM system.tables WHERE database = 'apiary' ORDER BY name",
  );
  const there = new Set(tables.map(({ name }) => name));
  const missing = readdirSync(join(database, 'metadata', 'apiary'))
    .filter((file) => file.endsWith('.sql'))
    .map((file) => decodeURIComponent(file.slice(0, -'.sql'.length)))
    .filter((name) => !there.has(name));
  if (missing.length > 0) throw new Error(`it does not know the tables ${missing.join(', ')}`);
  for (const { name, stores } of tables)
    if (stores)
      await store.query(`SELECT sum(ignore(*)) FROM (SELECT * FROM \`${name}\` LIMIT ${rows_read})`);
  const broken = (await countBroken(store)) - countBrokenBefore(database);
  if (broken > 0) throw new Error(`it set ${broken} parts of tables aside as broken`);
  await prepare(store);
  return tables.length;
}

/**
 * Does nothing where the installed engine is the one that wrote the database last.
 * @param directory the engine's folder, with the database in `db`
 * @throws OperationalError `engine_unfit` where it cannot work with the copy; the database was not opened then
 */
export async function tryEngine(directory: string, options: EngineTrialOptions): Promise<void> {
  const { log, prepare, version = installedVersion() } = options;
  const [database, noted] = [join(directory, 'db'), join(directory, 'engine.json')];
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const before = readVersion(noted);
  if (before === version) return;
  if (!existsSync(join(database, 'metadata', 'apiary'))) {
    writeVersion(noted, version);
    return;
  }
  removeTrials(directory);
  // Under a name of its own: the engine of a trial that was killed may still write into the last one.
  const trial = join(directory, `${trial_prefix}${randomBytes(6).toString('hex')}`);
  log(`the engine that wrote the database last is ${before}; ${version} is tried on a copy of it`);
  let store: Store | undefined;
  try {
    copyFolder(database, join(trial, 'db'));
    store = new Store({ directory: trial });
    const tables = await examine(store, database, prepare);
    log(`the engine ${version} reads all ${tables} tables of the copy`);
  } catch (error) {
    if (isNoRoom(error) || (error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new OperationalError(
        'engine_down',
        `there is no room on the disk of ${directory} to try the engine ${version} on a copy: ${(error as Error).message}`,
        {},
        error,
      );
    throw new OperationalError(
      'engine_unfit',
      `the engine ${version} cannot work with the database of ${before} in ${database}: ${(error as Error).message}`,
      {},
      error,
    );
  } finally {
    await store?.close();
    removeTrials(directory);
  }
  writeVersion(noted, version);
}
