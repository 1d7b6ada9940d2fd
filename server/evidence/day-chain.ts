/**
 * The chain of days: one signed document a day over all records that the gateway received on it (UTC), each with the
 * hash of the one before, so that whoever has a later one can show what was there.
 *
 *     evidence/days/2026-11-25.json             the document, as it was signed
 *     evidence/days/2026-11-25.signature.json   the signature and its chain of certificates
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Authority } from '../pki/authority.ts';
import type { Signature } from '../pki/signature.ts';
import { listRecordTables } from '../retention/record-tables.ts';
import type { Store } from '../store/store.ts';
import {
  type CountedStretch,
  countByDay,
  cutStretch,
  digestStretches,
  type FilledTable,
  gatherStretches,
  type Leaf,
  listFilledTables,
  type Stretch,
  slice_records_max,
} from './record-digests.ts';

export interface DayDocument {
  form: 1;
  /** UTC, as `2026-11-25`. */
  day: string;
  /** When it was made, ISO 8601. */
  made: string;
  /** SHA-256 of the document before, hexadecimal; null in the first. */
  previous: string | null;
  records: number;
  leaves: Leaf[];
}

export interface SignedDay {
  bytes: Buffer;
  document: DayDocument;
  signature: Signature;
}

export interface DayChainOptions {
  store: Store;
  authority: Authority;
  directory: string;
  /** Whether records that were received before a moment still wait for the engine; microseconds since 1970. */
  isWaiting: (before_us: bigint) => boolean;
  /** Into which records came that had waited for their submodule. */
  releasedTables: () => string[];
  log: (message: string) => void;
}

const day_ms = 86_400_000;
/** A server that was away has many to sign: most of their tables are asked for some days at once. */
export const days_at_once = 31;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);
export const stretchOf = (day: string): Stretch => ({
  from_us: `${startOf(day)}000`,
  to_us: `${startOf(day) + day_ms}000`,
});
export const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export class DayChain {
  readonly #options: DayChainOptions;
  readonly #directory: string;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: DayChainOptions) {
    this.#options = options;
    this.#directory = join(options.directory, 'days');
  }

  /** Into which records came that had waited for their submodule. */
  get released_tables(): string[] {
    return this.#options.releasedTables();
  }

  /** Days that are signed, the oldest first. */
  days(): string[] {
    if (!existsSync(this.#directory)) return [];
    return readdirSync(this.#directory)
      .filter((name) => /^\d{4}-\d\d-\d\d\.json$/.test(name))
      .map((name) => name.slice(0, 10))
      .sort();
  }

  read(day: string): SignedDay {
    const bytes = readFileSync(join(this.#directory, `${day}.json`));
    return {
      bytes,
      document: JSON.parse(bytes.toString('utf8')) as DayDocument,
      signature: JSON.parse(
        readFileSync(join(this.#directory, `${day}.signature.json`), 'utf8'),
      ) as Signature,
    };
  }

  /** Signs every day that is over and not signed yet. @returns those that it signed */
  seal(now_ms: number): Promise<string[]> {
    const run = this.#running.catch(() => undefined).then(() => this.#sealDays(now_ms));
    this.#running = run;
    return run;
  }

  async #sealDays(now_ms: number): Promise<string[]> {
    const last = this.days().at(-1);
    const days = await this.#daysToSeal(last, now_ms);
    if (days.length === 0) return days;
    // Asked behind the look at what waits: a record that came from there meanwhile is in it.
    const tables = await this.filledTables();
    let previous = last === undefined ? null : hashOf(this.read(last).bytes);
    for (let at = 0; at < days.length; at += days_at_once) {
      const some = days.slice(at, at + days_at_once);
      const leaves = await this.#makeLeaves(some, tables);
      for (const day of some) previous = await this.#sealDay(day, leaves.get(day) ?? [], previous, now_ms);
    }
    return days;
  }

  /** Of days that follow each other, by day. */
  async #makeLeaves(days: readonly string[], tables: readonly FilledTable[]): Promise<Map<string, Leaf[]>> {
    const { store, releasedTables } = this.#options;
    const released = releasedTables();
    const leaves: Leaf[] = [];
    const all = { from_us: stretchOf(days[0]!).from_us, to_us: stretchOf(days.at(-1)!).to_us };
    for (const { name, first_day, last_day } of tables) {
      if (last_day < days[0]! || first_day > days.at(-1)!) continue;
      const stretches: CountedStretch[] = [];
      for (const [day, records] of await countByDay(store, name, all, released))
        if (records <= slice_records_max) stretches.push({ ...stretchOf(day), records });
        else stretches.push(...(await cutStretch(store, name, stretchOf(day), released)));
      for (const some of gatherStretches(stretches))
        leaves.push(...(await digestStretches(store, name, some, released)));
    }
    return Map.groupBy(leaves, ({ from_us }) => dayOf(Number(BigInt(from_us) / 1000n)));
  }

  /** Days that are over and of which nothing waits, behind the last one that is signed or from the first record on. */
  async #daysToSeal(last: string | undefined, now_ms: number): Promise<string[]> {
    const first =
      last === undefined
        ? (await this.filledTables()).map(({ first_day }) => first_day).sort()[0]
        : dayOf(startOf(last) + day_ms);
    const days: string[] = [];
    if (first === undefined) return days;
    for (let start_ms = startOf(first); start_ms + day_ms <= now_ms; start_ms += day_ms) {
      if (this.#options.isWaiting(BigInt(start_ms + day_ms) * 1000n)) break;
      days.push(dayOf(start_ms));
    }
    return days;
  }

  async filledTables(): Promise<FilledTable[]> {
    const { store, releasedTables } = this.#options;
    const tables = await listRecordTables(store);
    return listFilledTables(
      store,
      tables.map(({ name }) => name),
      releasedTables(),
    );
  }

  async #sealDay(day: string, leaves: Leaf[], previous: string | null, now_ms: number): Promise<string> {
    const { authority, log } = this.#options;
    const document: DayDocument = {
      form: 1,
      day,
      made: new Date(now_ms).toISOString(),
      previous,
      records: leaves.reduce((sum, { records }) => sum + records, 0),
      leaves,
    };
    const bytes = Buffer.from(`${JSON.stringify(document)}\n`);
    this.#write(`${day}.signature.json`, JSON.stringify(await authority.sign(bytes, now_ms)));
    // Last: a day without its signature is not signed.
    this.#write(`${day}.json`, bytes);
    log(`the ${document.records} records of ${day} are signed`);
    return hashOf(bytes);
  }

  #write(name: string, content: string | Buffer): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const path = join(this.#directory, name);
    writeFileSync(`${path}.new`, content, { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
  }
}
