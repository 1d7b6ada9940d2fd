/** Copies one whole file into the spool, hashing it on the way, and makes its record. */
import { createHash } from 'node:crypto';
import { read } from 'node:fs';
import { promisify } from 'node:util';
import type { ArtifactKind } from '@apiary/model/submodule.ts';
import type { ArtifactSpool } from '../spool/artifacts.ts';
import { type FoundFile, showPath, signFile, statFile } from './artifact-files.ts';

export interface TakenFile {
  /** JSON, as model/submodule.ts says of FileStream. */
  record: Buffer;
  /** Path and contents: the same file read twice is the same record. */
  place: bigint;
  is_cut: boolean;
}

export interface TakeOptions {
  spool: ArtifactSpool;
  sensor: string;
  kind: ArtifactKind;
  bytes_max: number;
  /** It is never quiet: what is there now is taken, though it changes meanwhile. */
  is_restless: boolean;
}

const readAt = promisify(read);
const chunk_bytes = 256 * 1024;
/** A file that is cut is read on for its hash up to so many times the limit. */
const hashed_times_max = 16;

/** A time as records show it: ISO 8601, microseconds. */
export function showTime(ns: bigint): string {
  const us = ns / 1000n;
  const seconds = new Date(Number(us / 1000n));
  if (Number.isNaN(seconds.getTime())) return '';
  return seconds.toISOString().replace('Z', `${String(us % 1000n).padStart(3, '0')}Z`);
}

/** One life for all files of a stream: their places name them, in no order. */
export const filesGeneration = (stream: string): string =>
  createHash('sha256').update(`files ${stream}`).digest('hex').slice(0, 16);

/** 63 bits, so that the place behind it is one too. */
export function placeOf(path: string, sha256: string): bigint {
  const digest = createHash('sha256').update(path, 'latin1').update('\0').update(sha256).digest();
  return digest.readBigUInt64BE(0) >> 1n;
}

/**
 * Undefined where the file changed while it was read: it is looked at again.
 * @throws the file system's error, of the file or of the spool
 */
export async function takeFile(
  fd: number,
  file: FoundFile,
  options: TakeOptions,
): Promise<TakenFile | undefined> {
  const { spool, sensor, kind, bytes_max, is_restless } = options;
  const incoming = await spool.begin();
  let is_kept = false;
  try {
    const whole = createHash('sha256');
    const taken = createHash('sha256');
    const buffer = Buffer.allocUnsafe(chunk_bytes);
    const hashed_max = bytes_max * hashed_times_max;
    let at = 0;
    let has_ended = false;
    while (at < hashed_max) {
      const { bytesRead } = await readAt(fd, buffer, 0, Math.min(chunk_bytes, hashed_max - at), at);
      if (bytesRead === 0) {
        has_ended = true;
        break;
      }
      const chunk = buffer.subarray(0, bytesRead);
      whole.update(chunk);
      const wanted = chunk.subarray(0, Math.max(0, bytes_max - at));
      if (wanted.length > 0) {
        taken.update(wanted);
        await incoming.write(wanted);
      }
      at += bytesRead;
    }
    const after = statFile(fd, file.path);
    if (after === undefined || (!is_restless && signFile(after) !== signFile(file))) return undefined;
    has_ended ||= BigInt(at) === after.size;
    const taken_sha256 = taken.digest('hex');
    const sha256 = has_ended ? whole.digest('hex') : taken_sha256;
    const is_cut = after.size > BigInt(incoming.size);
    const record = {
      path: showPath(file.path),
      kind,
      sha256,
      ...(taken_sha256 === sha256 ? {} : { taken_sha256 }),
      size: Number(after.size),
      size_taken: incoming.size,
      mtime: showTime(file.mtime_ns),
      cut: is_cut,
    };
    is_kept = true;
    await spool.keep(sensor, taken_sha256, incoming);
    return { record: Buffer.from(JSON.stringify(record)), place: placeOf(file.path, sha256), is_cut };
  } finally {
    if (!is_kept) await incoming.discard();
  }
}
