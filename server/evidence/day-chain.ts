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
  cutStretch,
  digestStretch,
  type FilledTable,
  type Leaf,
  listFilledTables,
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
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);
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
    for (const day of days) {
      const of_day = tables.filter(({ first_day, last_day }) => first_day <= day && day <= last_day);
      previous = await this.#sealDay(day, of_day, previous, now_ms);
    }
    return days;
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

  async #sealDay(
    day: string,
    tables: readonly FilledTable[],
    previous: string | null,
    now_ms: number,
  ): Promise<string> {
    const { store, authority, releasedTables, log } = this.#options;
    const released = releasedTables();
    const from_us = `${startOf(day)}000`;
    const to_us = `${startOf(day) + day_ms}000`;
    const leaves: Leaf[] = [];
    for (const { name } of tables)
      for (const part of await cutStretch(store, name, from_us, to_us, released))
        leaves.push(...(await digestStretch(store, name, part.from_us, part.to_us, released)));
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
