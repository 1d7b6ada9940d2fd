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
import { cutStretch, digestStretch, type Leaf } from './record-digests.ts';

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
    const { isWaiting } = this.#options;
    const sealed: string[] = [];
    const signed = this.days();
    const last = signed.at(-1);
    const first = last === undefined ? await this.#firstDay() : dayOf(startOf(last) + day_ms);
    if (first === null) return sealed;
    let previous = last === undefined ? null : hashOf(this.read(last).bytes);
    for (let start_ms = startOf(first); start_ms + day_ms <= now_ms; start_ms += day_ms) {
      if (isWaiting(BigInt(start_ms + day_ms) * 1000n)) break;
      previous = await this.#sealDay(dayOf(start_ms), previous, now_ms);
      sealed.push(dayOf(start_ms));
    }
    return sealed;
  }

  /** The day of the first record that is there. */
  async #firstDay(): Promise<string | null> {
    const { store } = this.#options;
    const tables = await listRecordTables(store);
    const firsts = await Promise.all(
      tables.map(({ name }) =>
        store.query<{ first: string }>(
          `SELECT toString(toDate(min(collect_ts))) AS first FROM ${name} HAVING count() > 0`,
        ),
      ),
    );
    return (
      firsts
        .flat()
        .map(({ first }) => first)
        .sort()[0] ?? null
    );
  }

  async #sealDay(day: string, previous: string | null, now_ms: number): Promise<string> {
    const { store, authority, log } = this.#options;
    const from_us = `${startOf(day)}000`;
    const to_us = `${startOf(day) + day_ms}000`;
    const leaves: Leaf[] = [];
    for (const { name } of await listRecordTables(store))
      for (const part of await cutStretch(store, name, from_us, to_us))
        leaves.push(...(await digestStretch(store, name, part.from_us, part.to_us)));
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
