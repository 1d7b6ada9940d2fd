/** Files of an import as plain ones: compressed by gzip, zstd, xz or bzip2, each by its first bytes. */
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { confinement, findProgram } from '../decode/confinement.ts';

export type Packing = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2';

/** What one file may become: a small one can be made that unpacks to any size. */
const unpacked_bytes_max = 64 * 1024 ** 3;
const limits = {
  cpu_seconds: 3600,
  memory_bytes: 2 * 1024 ** 3,
  file_bytes: unpacked_bytes_max,
};

export function packingOf(head: Buffer): Packing {
  if (head.length >= 2 && head.readUInt16BE(0) === 0x1f8b) return 'gzip';
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
  if (head.toString('latin1', 0, 6) === '\xfd7zXZ\0') return 'xz';
  return /^BZh[1-9]1AY&SY/.test(head.toString('latin1', 0, 10)) ? 'bzip2' : 'none';
}

/** A decompressor that ends where a torn file does; what was torn `isWhole` says. */
export function openTorn(path: string, packing: Packing): Readable {
  const from = createReadStream(path);
  if (packing === 'none') return from;
  if (packing === 'gzip') return from.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }));
  if (packing === 'zstd') return from.pipe(createZstdDecompress({ finishFlush: constants.ZSTD_e_flush }));
  from.destroy();
  const program = findProgram(packing);
  if (program === undefined)
    throw new Error(`${packing} is not installed on this host, and this file needs it`);
  const [command = program, ...args] = [...confinement().wrap(limits), program, '-dc'];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  // It ends early where the reader has enough.
  pipeline(createReadStream(path), child.stdin).catch(() => undefined);
  return child.stdout;
}

export interface Unpacked {
  path: string;
  /** Why not all of it came out; '' where all did. */
  damage: string;
}

/** Writes the plain bytes into a folder, as far as they come. */
export async function unpack(path: string, packing: Packing, folder: string): Promise<Unpacked> {
  const to = join(folder, 'unpacked');
  const from = openTorn(path, packing);
  let bytes = 0;
  let failure = '';
  const out = createWriteStream(to, { mode: 0o600 });
  try {
    await pipeline(
      from,
      async function* count(pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          bytes += piece.length;
          if (bytes > unpacked_bytes_max)
            throw new Error(`it unpacks to more than ${unpacked_bytes_max} bytes`);
          yield piece;
        }
      },
      out,
    );
  } catch (error) {
    failure = (error as Error).message;
  }
  if (bytes === 0 && (await stat(path)).size > 0 && failure === '')
    failure = 'nothing of it can be decompressed';
  return { path: to, damage: failure === '' ? await findDamage(path, packing) : failure };
}

/** What a strict decompressor says of the whole file; '' where it is whole. */
export async function findDamage(path: string, packing: Packing): Promise<string> {
  if (packing === 'none') return '';
  if (packing === 'xz' || packing === 'bzip2') {
    const program = findProgram(packing)!;
    const [command = program, ...args] = [...confinement().wrap(limits), program, '-t'];
    const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'] });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await pipeline(createReadStream(path), child.stdin).catch(() => undefined);
    return (await ended) === 0 ? '' : `${packing} says that it is damaged`;
  }
  try {
    const decoder = packing === 'gzip' ? createGunzip() : createZstdDecompress();
    await pipeline(createReadStream(path), decoder, async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) void piece.length;
    });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
