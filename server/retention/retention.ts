/**
 * Retention: what is too old, or more than its budget, goes; the oldest first, kind by kind.
 *
 * A step takes out what was received and detected before its cut: what was detected after it is whole, whenever it came.
 * It is noted in the state from its first change to its last, and gone through again where it was interrupted. What
 * events counted is written down before they go; what pinned incidents need stays where it is.
 */
import type { ArtifactStore } from '../artifacts/store.ts';
import type { StateDatabase } from '../state/database.ts';
import {
  beginStep,
  endStep,
  noteStep,
  type RetentionKind,
  type RetentionLimits,
  type RetentionStep,
  readKeptFrom,
  readLimits,
  readStep,
  retention_kinds,
} from '../state/retention.ts';
import type { Store } from '../store/store.ts';
import { writeExpiredCounts } from './expired-counts.ts';
import { event_not_kept, noteKept, notKept } from './kept.ts';
import {
  beginDelete,
  countRows,
  deleteRows,
  isFiles,
  listRecordTables,
  type RecordTable,
  whenDeleted,
} from './record-tables.ts';
import { findCut, measureUsage, type StoredFile, splitFiles, tablesOf } from './usage.ts';

export interface RetentionOptions {
  store: Store;
  state: StateDatabase;
  artifacts: ArtifactStore;
  limits: RetentionLimits;
  recordings: ReadonlyMap<string, string>;
  /** Does work while nothing is loaded. */
  holdLoader: <T>(work: () => Promise<T>) => Promise<T>;
  /** Does work between two passes of the analysis. */
  holdAnalysis: <T>(work: () => Promise<T>) => Promise<T>;
  alert: (kind: RetentionKind, message: string) => void;
  log: (message: string) => void;
}

const day_ms = 86_400_000;
/** From this part of a budget on the oldest goes, until so much of it is left. */
const full_part = 0.9;
const left_part = 0.8;
/** What is younger may not be loaded yet. */
const young_ms = 60_000;

const dateTime = (ms: number): string => `fromUnixTimestamp64Milli(${ms}, 'UTC')`;
const show = (ms: number): string => new Date(ms).toISOString();

/** What was received and detected before the cut; raw records of unknown types have no time of detection. */
function beforeCut(cut_ms: number, has_detect_ts: boolean): string {
  const received = `collect_ts < ${dateTime(cut_ms)}`;
  return has_detect_ts ? `${received} AND detect_ts < ${dateTime(cut_ms)}` : received;
}

export class Retention {
  readonly #options: RetentionOptions;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  get limits(): RetentionLimits {
    return readLimits(this.#options.state, this.#options.limits);
  }

  /** One after another: also what else takes rows out. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#running.catch(() => undefined).then(work);
    this.#running = run;
    return run;
  }

  async usage(): Promise<Record<RetentionKind, number>> {
    const { store, state } = this.#options;
    return measureUsage(store, state, await listRecordTables(store));
  }

  /** Goes through what was interrupted, then takes out what is over a limit now. */
  run(now_ms: number): Promise<void> {
    return this.alone(async () => {
      const { store, state } = this.#options;
      const tables = await listRecordTables(store);
      const left = readStep(state);
      if (left !== null) await this.#expire(left, tables, 'after an interruption');
      const limits = this.limits;
      if (retention_kinds.every((kind) => limits[kind].days === null && limits[kind].bytes_max === null))
        return;
      const usage = await measureUsage(store, state, tables);
      for (const kind of retention_kinds) {
        const by_age = this.#cutByAge(kind, now_ms);
        const by_budget = await this.#cutByBudget(kind, usage[kind], tables, now_ms);
        const cut_ms = Math.max(by_age ?? 0, by_budget ?? 0);
        if (cut_ms <= (readKeptFrom(state)[kind] ?? 0)) continue;
        const why =
          by_budget !== null && by_budget >= (by_age ?? 0)
            ? `${usage[kind]} bytes are more than ${full_part * 100} % of the budget of ${limits[kind].bytes_max}`
            : `older than ${limits[kind].days} days`;
        if (by_budget !== null) this.#options.alert(kind, `${kind} from before ${show(cut_ms)} go: ${why}`);
        await this.#expire({ kind, cut_ms, is_counted: false }, tables, why);
      }
    });
  }

  /** Whole days, so that the tables are gone through once a day. */
  #cutByAge(kind: RetentionKind, now_ms: number): number | null {
    const { days } = this.limits[kind];
    return days === null ? null : Math.floor((now_ms - days * day_ms) / day_ms) * day_ms;
  }

  async #cutByBudget(
    kind: RetentionKind,
    bytes: number,
    tables: readonly RecordTable[],
    now_ms: number,
  ): Promise<number | null> {
    const { bytes_max } = this.limits[kind];
    if (bytes_max === null || bytes <= bytes_max * full_part) return null;
    const { store, state } = this.#options;
    const goes = bytes - bytes_max * left_part;
    let cut_ms: number | null = null;
    if (kind === 'artifacts' || kind === 'captures') {
      let sum = 0;
      const last = (await splitFiles(store, state, tables))[kind].find(({ size }) => {
        sum += size;
        return sum >= goes;
      });
      cut_ms = last === undefined ? null : last.stored_ms + 1;
    } else cut_ms = await findCut(store, tablesOf(kind, tables), goes);
    return cut_ms === null ? null : Math.min(cut_ms, now_ms - young_ms);
  }

  async #expire(step: RetentionStep, tables: readonly RecordTable[], why: string): Promise<void> {
    const { store, state, holdAnalysis, log } = this.#options;
    log(`retention: ${step.kind} from before ${show(step.cut_ms)} go, ${why}`);
    // What is still being taken out reads the table that is filled anew.
    await whenDeleted(store);
    await noteKept(this.#options);
    if (step.kind === 'events') await holdAnalysis(async () => beginStep(state, step));
    else beginStep(state, step);
    const gone =
      step.kind === 'events'
        ? await this.#expireEvents(step)
        : step.kind === 'artifacts' || step.kind === 'captures'
          ? await this.#expireFiles(step.kind, step.cut_ms, tables)
          : await this.#expireRecords(step.kind, step.cut_ms, tables);
    endStep(state, { cut: show(step.cut_ms), gone, why });
    log(`retention: ${gone} ${step.kind} are gone`);
  }

  async #expireEvents(step: RetentionStep): Promise<number> {
    const { store, state, holdLoader } = this.#options;
    const where = `${beforeCut(step.cut_ms, true)} AND ${event_not_kept}`;
    const gone = await holdLoader(async () => {
      const count = await countRows(store, 'event', where);
      if (!step.is_counted) await writeExpiredCounts(store, String(step.cut_ms), where);
      noteStep(state, { ...step, is_counted: true });
      await beginDelete(store, 'event', where);
      return count;
    });
    await whenDeleted(store);
    // Of attacks that have expired whole; an event that once gave an attack its name leads to it for ever.
    await deleteRows(
      store,
      'attack_event',
      `tupleElement(assignment, 2) GLOBAL IN (SELECT attack_id FROM apiary.attack FINAL WHERE last_ts < ${dateTime(step.cut_ms)})
       AND event_id GLOBAL NOT IN (SELECT attack_id FROM apiary.attack) AND ${event_not_kept}`,
    );
    await deleteRows(store, 'attribution', `detect_ts < ${dateTime(step.cut_ms)} AND ${event_not_kept}`);
    return gone;
  }

  async #expireRecords(
    kind: 'records' | 'readings',
    cut_ms: number,
    tables: readonly RecordTable[],
  ): Promise<number> {
    const { store, holdLoader } = this.#options;
    const names = new Set(tablesOf(kind, tables));
    let gone = 0;
    for (const table of tables.filter(({ name }) => names.has(name))) {
      const where = `${beforeCut(cut_ms, table.columns.has('detect_ts'))} AND ${notKept(table)}`;
      const count = await holdLoader(async () => {
        const found = await countRows(store, table.name, where);
        if (found > 0) await beginDelete(store, table.name, where);
        return found;
      });
      if (count > 0) await whenDeleted(store);
      gone += count;
    }
    return gone;
  }

  async #expireFiles(
    kind: 'artifacts' | 'captures',
    cut_ms: number,
    tables: readonly RecordTable[],
  ): Promise<number> {
    const { store, state, artifacts } = this.#options;
    const kept = await this.#keptFiles(tables);
    const files: StoredFile[] = (await splitFiles(store, state, tables))[kind];
    const old = files.filter(({ sha256, stored_ms }) => stored_ms < cut_ms && !kept.has(sha256));
    for (const { sha256 } of old) await artifacts.remove(sha256);
    return old.length;
  }

  async #keptFiles(tables: readonly RecordTable[]): Promise<Set<string>> {
    const named = "SELECT sha256 FROM retention_kept WHERE sha256 != ''";
    const taken = tables
      .filter(isFiles)
      .map(({ name }) => `SELECT taken_sha256 FROM ${name} WHERE sha256 GLOBAL IN (${named})`);
    const rows = await this.#options.store.query<{ sha256: string }>(
      `SELECT DISTINCT sha256 FROM (${[named, ...taken].join(' UNION ALL ')})`,
    );
    return new Set(rows.map(({ sha256 }) => sha256));
  }
}
