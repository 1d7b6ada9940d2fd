/** The small files beside the segments of a chain, and what goes into an entry beside its batch. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type BatchHeader, openBody, readHeader, type SealedBatch, sealBatch } from '@apiary/model/batch.ts';
import { type Checkpoint, type Counts, type EntryMeta, heldRanges } from './segment.ts';

export function metaOf(sealed: SealedBatch, checkpoint: Checkpoint, counts: Counts): EntryMeta {
  const { records, sealed_ms } = sealed.header;
  return {
    hash: sealed.hash,
    records,
    sealed_ms,
    held: heldRanges(sealed.header),
    counts: { ...counts },
    checkpoint,
  };
}

/** The same records as a batch of another place or chain. */
export function sealAgain(batch: Buffer, place: Pick<BatchHeader, 'spool_id' | 'seq' | 'prev'>): SealedBatch {
  const { header, body_offset } = readHeader(batch);
  return sealBatch({ ...header, ...place }, openBody(batch, header, body_offset));
}

export function applyCheckpoint(target: Checkpoint, change: Checkpoint): void {
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete target[key];
    else target[key] = value;
  }
}

export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Undefined where the file is not there, or torn. */
export function readSpoolId(path: string): string | undefined {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return /"spool_id":"([0-9a-f]{32})"/.exec(text)?.[1];
}

/** The chain that lies there without being named, and without the one that a sensor begins with: the old one goes last. */
export function onlyChain(folder: string, first_id: string): string | undefined {
  const chains = listFolders(folder).filter((name) => /^[0-9a-f]{32}$/.test(name));
  return chains.includes(first_id) ? undefined : chains[0];
}

export interface Acked {
  spool_id: string;
  seq: number;
  records: number;
  refused: number;
  /** What readers noted behind batch `after` without a record that would have carried it. */
  noted?: Noted | undefined;
}

export interface Noted {
  after: number;
  state: Checkpoint;
}

/** A torn or missing file counts as nothing acknowledged: the server knows what it has. */
export function readAcked(path: string, spool_id: string): Acked {
  const acked: Acked = { spool_id, seq: 0, records: 0, refused: 0 };
  if (!existsSync(path)) return acked;
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as Partial<Acked>;
    acked.records = read.records ?? 0;
    acked.refused = read.refused ?? 0;
    if (read.spool_id === spool_id) {
      acked.seq = read.seq ?? 0;
      acked.noted = read.noted;
    }
  } catch {
    return acked;
  }
  return acked;
}

export const newSpoolId = (): string => randomBytes(16).toString('hex');

export function listFolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
