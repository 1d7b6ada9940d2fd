/**
 * Puts rows and statements of a MySQL database into runs, and these into the spool.
 *
 * The place of a row is its key, the generation the server's life as the reader named it, and a new one each time its
 * table was emptied. So reading a log again is harmless, and the update of a row is its next version. The gateway takes
 * what lies above all before as new and asks the store about the rest; one run may not hold a place twice, because it
 * asks about runs. Keys that are numbers are therefore cut into ascending runs, and others into runs without repetition.
 */
import { createHash } from 'node:crypto';
import { type Gap, type Run, record_flags } from '@apiary/model/batch.ts';
import type { MysqlStream } from '@apiary/model/submodule.ts';
import type { Checkpoint } from '../spool/segment.ts';
import { keyText, placeOf, type TableLayout } from './mysql-layout.ts';
import { RunBuffer } from './mysql-run.ts';
import { makeTargets, no_parents, type StoredTarget, type Tail, type Target } from './mysql-target.ts';
import type { Sink } from './reader.ts';

export interface SenderOptions {
  sink: Sink;
  source: MysqlStream;
  record_bytes_max: number;
  records_max: number;
  time_zone?: string | undefined;
  /** Resolves when there is room; throws where the reader was stopped. */
  waitForRoom(bytes: number): Promise<void>;
}

const run_bytes_max = 256 * 1024;
const run_records_max = 4000;
/** Parent rows that are ready to be put behind rows, of each table. */
const tails_max = 10_000;

interface ReadyRun {
  run: Run;
  bytes: Buffer;
}

export class MysqlSender {
  readonly targets: Map<string, Target>;
  readonly #options: SenderOptions;
  readonly #statements = new RunBuffer();
  readonly #ready: ReadyRun[] = [];
  readonly #touched: Target[] = [];
  #ready_bytes = 0;
  generation = '';
  /** The log or connection: descriptive. */
  source = '';
  /** Names this moment in the source, for a table that is emptied now. */
  where = '';
  is_dirty = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.targets = makeTargets(options.source);
  }

  target(table: string): Target | undefined {
    return this.targets.get(table.toLowerCase());
  }

  generationOf(target: Target): string {
    return target.stored.life === '' ? this.generation : target.stored.life;
  }

  /** Closes the row that was begun in the target's run: a new row of the table. False where it has no key. */
  endInsert(target: Target, layout: TableLayout): boolean {
    const { run } = target;
    run.fillTo(layout, layout.columns.length);
    if (layout.key === -1) return false;
    const small = run.smallKey(layout.key);
    const key = small >= 0 ? undefined : keyText(run.valueJson(layout.key));
    if (small < 0 && key === undefined) return false;
    if (small >= 0 && small <= target.stored.highest && target.stored.had_deletes && !target.is_kept) {
      this.emptied(target);
    }
    if (small > target.stored.highest) target.stored.highest = small;
    this.touch(target);
    if (target.is_kept) this.#keep(target, layout, key ?? String(small));
    // Rows of one parent mostly stand together.
    if (layout.link === -1 || !run.isValue(layout.link, target.last_link)) {
      const link = layout.link === -1 ? undefined : run.valueJson(layout.link);
      target.last_tail = this.#tailOf(target, link);
      target.last_link = Buffer.from(link ?? '');
    }
    this.#endRow(target, key, small, target.last_tail.bytes, target.last_tail.flags);
    return true;
  }

  /** Keys of the table may come again. */
  noteDelete(target: Target): void {
    target.stored.had_deletes = true;
    this.touch(target);
  }

  /** Its state is another one than behind the last whole group. */
  touch(target: Target): void {
    if (target.is_touched) return;
    target.is_touched = true;
    this.#touched.push(target);
  }

  /** A group is whole. */
  settle(): void {
    for (const target of this.#touched) {
      target.settled = { ...target.stored };
      target.is_touched = false;
    }
    this.#touched.length = 0;
  }

  /** The table has none of the rows any more that it had. */
  emptied(target: Target): void {
    this.#closeRun(target);
    target.beginLife(this.generation, this.where);
    this.touch(target);
    this.#forgetTails();
    this.is_dirty = true;
  }

  #endRow(target: Target, key: string | undefined, small: number, tail: Buffer, flags: number): void {
    const { run } = target;
    const place = key === undefined ? 0n : placeOf(key);
    const repeats = run.records > 0 && (small >= 0 ? small <= target.last : run.places.has(place));
    // The row that is being written goes into a run of its own.
    if (repeats) this.#closeRun(target);
    if (small < 0) {
      run.places.add(place);
      if (run.records === 0 || place < run.first) run.first = place;
      if (run.records === 0 || place >= run.next) run.next = place + 1n;
    } else if (run.records === 0) run.first = BigInt(small);
    target.last = small;
    if (run.endRow(place, small, tail, flags, this.#options.record_bytes_max)) this.#options.sink.countCut();
    if (run.length >= run_bytes_max || run.records >= Math.min(run_records_max, this.#options.records_max))
      this.#closeRun(target);
  }

  #keep(target: Target, layout: TableLayout, key: string): void {
    const { run } = target;
    const values: Record<string, string> = {};
    const parts: string[] = [];
    for (const [index, { name }] of layout.columns.entries()) {
      const json = run.valueJson(index);
      values[name] = json;
      parts.push(`${JSON.stringify(name)}:${json}`);
    }
    const link = layout.link === -1 ? undefined : keyText(values[layout.columns[layout.link]!.name]!);
    target.keep(key, { first: `{${parts.join(',')}}`, values, link });
    this.#forgetTails();
    this.is_dirty = true;
  }

  /** A later version of a row: its values by column name, as JSON; columns that are missing are not known. */
  sendVersion(target: Target, key: string, changes: Readonly<Record<string, string>>): void {
    const known = target.kept.get(key);
    const values = { ...known?.values, ...changes };
    const { columns } = target.table;
    const order = known === undefined ? columns.map(({ name }) => name) : Object.keys(known.values);
    const names = [...new Set([...order, ...Object.keys(changes)])].filter(
      (name) => values[name] !== undefined,
    );
    const json = names.map((name) => `${JSON.stringify(name)}:${values[name]}`).join(',');
    if (known !== undefined) target.kept.set(key, { ...known, values });
    this.is_dirty = true;
    const link = target.table.parent === undefined ? undefined : values[target.table.parent.column];
    const { bytes: tail, flags } = this.#tailOf(target, link);
    target.run.beginRow();
    target.run.putText(json);
    const small = /^(0|[1-9]\d{0,14})$/.test(key) ? Number(key) : -1;
    this.#endRow(target, small >= 0 ? undefined : key, small, tail, flags);
  }

  /** What stands behind a row: its parent rows, and the end of the record. */
  #tailOf(target: Target, link_json: string | undefined): Tail {
    const { parent } = target.table;
    if (parent === undefined || link_json === undefined) return no_parents;
    let found = target.tails.get(link_json);
    if (found === undefined) {
      found = this.#makeTail(parent.table, keyText(link_json));
      if (target.tails.size >= tails_max) target.tails.clear();
      target.tails.set(link_json, found);
    }
    return found;
  }

  #forgetTails(): void {
    for (const target of this.targets.values()) target.forgetTails();
  }

  #makeTail(parent_table: string, key: string | undefined): Tail {
    const parents = this.target(parent_table);
    const row = key === undefined ? undefined : parents?.kept.get(key);
    let tail = `},"parent":${row?.first ?? 'null'}`;
    let is_missing = key !== undefined && row === undefined;
    const grandparent = parents?.table.parent;
    if (grandparent !== undefined) {
      const above = row?.link === undefined ? undefined : this.target(grandparent.table)?.kept.get(row.link);
      is_missing ||= row?.link !== undefined && above === undefined;
      tail += `,"grandparent":${above?.first ?? 'null'}`;
    }
    return { bytes: Buffer.from(`${tail}}`), flags: is_missing ? record_flags.parent_missing : 0 };
  }

  /** A statement; `place` is above all that were sent before. */
  sendStatement(place: bigint, json: string): void {
    const run = this.#statements;
    if (run.records > 0 && place < run.next) this.#closeStatements();
    const bytes = Buffer.from(json);
    const { record_bytes_max, sink } = this.#options;
    if (run.records === 0) run.first = place;
    run.next = place + 1n;
    if (run.putFrame(place, bytes, record_bytes_max)) sink.countCut();
    if (run.length >= run_bytes_max) this.#closeStatements();
  }

  #closeStatements(): void {
    this.#close(this.#statements, this.#options.source.statement_stream, '', this.generation);
  }

  #closeRun(target: Target): void {
    // Numbers ascend within a run.
    if (target.last >= 0) target.run.next = BigInt(target.last) + 1n;
    this.#close(target.run, target.table.stream, `#${target.table.table}`, this.generationOf(target));
    target.last = -1;
  }

  #close(run: RunBuffer, stream: string, table: string, generation: string): void {
    if (run.records === 0) return;
    const { time_zone } = this.#options;
    const { first, next, records } = run;
    const bytes = run.drain();
    this.#ready.push({
      bytes,
      run: {
        ...{ stream, source: `${this.source}${table}`, generation, kind: 'frames' },
        ...{ first: String(first), next: String(next), records, bytes: bytes.length },
        ...(time_zone === undefined ? {} : { time_zone }),
      },
    });
    this.#ready_bytes += bytes.length;
  }

  get ready_bytes(): number {
    return this.#ready_bytes;
  }

  /** Makes all that was taken ready to be sent. */
  closeAll(): void {
    for (const target of this.targets.values()) this.#closeRun(target);
    this.#closeStatements();
  }

  /** Appends what is ready; the state goes with the last run. */
  async flush(state: Checkpoint): Promise<void> {
    const { sink, waitForRoom } = this.#options;
    const ready = this.#ready.splice(0);
    this.#ready_bytes = 0;
    for (const [index, { run, bytes }] of ready.entries()) {
      await waitForRoom(bytes.length);
      const is_taken = await sink.append(run, bytes, index === ready.length - 1 ? state : {});
      if (!is_taken) throw new Error('the spool takes nothing any more');
    }
    if (ready.length === 0) sink.note(state);
  }

  async sendGap(
    gap: Omit<Gap, 'source' | 'stream' | 'generation' | 'noticed_ms'>,
    state: Checkpoint,
  ): Promise<void> {
    const { sink, source } = this.#options;
    const whole: Gap = {
      ...{ stream: source.statement_stream, source: this.source, generation: this.generation },
      ...{ ...gap, noticed_ms: Date.now() },
    };
    await sink.appendGap(whole, state, 1);
  }

  /** What is not sent is forgotten: it is read again. */
  discard(): void {
    for (const { run } of this.targets.values()) run.clear();
    this.#statements.clear();
    this.#ready.length = 0;
    this.#ready_bytes = 0;
  }

  storeTargets(): Record<string, StoredTarget> {
    return Object.fromEntries(
      [...this.targets.values()].map(({ table, settled }) => [table.stream, { ...settled }]),
    );
  }

  loadTargets(stored: Readonly<Record<string, StoredTarget>>): void {
    for (const target of this.targets.values()) {
      const found = stored[target.table.stream];
      target.stored = found === undefined ? { life: '', highest: -1, had_deletes: false } : { ...found };
      target.settled = { ...target.stored };
    }
  }

  /** Another server, or one that began anew: nothing that was remembered holds. */
  beginGeneration(generation: string): void {
    this.generation = generation;
    this.#forgetTails();
    for (const target of this.targets.values()) {
      target.stored = { life: '', highest: -1, had_deletes: false };
      target.settled = { ...target.stored };
      target.kept.clear();
    }
  }
}

export const nameGeneration = (...parts: (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('hex').slice(0, 16);
};
