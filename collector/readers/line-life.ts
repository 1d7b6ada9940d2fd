/**
 * A life of a line source: one run of bytes from its beginning, wherever they lie now. It is known by its
 * first line, and told apart from others with the same first line by the bytes before the offset read.
 * Neither path nor inode is part of it, so a file that was renamed, copied, compressed or imported goes on
 * where it was.
 */
import { createHash } from 'node:crypto';
import type { Checkpoint } from '../spool/segment.ts';

/** Bytes of the first line that make the generation. */
export const generation_bytes_max = 4096;
/** Bytes before the offset that are compared before reading on. */
export const tail_bytes_max = 256;

export interface Life {
  key: string;
  generation: string;
  offset: number;
  /** Hash of up to `tail_bytes_max` bytes before `offset`. */
  tail: string;
  /** The file ended here for good and is read whole. */
  is_done: boolean;
  path: string;
  /** Identity, size and time of the file when it was read to its end; spares looking into it again. */
  seen: string;
  /** The largest size seen since the program started. */
  size_seen: number;
  /** At the last look everything was read. */
  is_drained: boolean;
  /** Milliseconds since 1970 since when no file holds it; 0 while one does. */
  missing_ms: number;
}

type StoredLife = [
  generation: string,
  offset: number,
  tail: string,
  is_done: 0 | 1,
  path: string,
  seen: string,
];

export const hashTail = (bytes: Buffer): string =>
  createHash('sha256').update(bytes.subarray(-tail_bytes_max)).digest('hex').slice(0, 16);

/**
 * The generation that the first bytes of a file give: the first 16 hexadecimal digits of the SHA-256 of its
 * first line without newline, at most 4096 bytes of it; with a header, of header line, newline and first
 * data line together. Undefined while these are not complete and the file may still grow.
 */
export function nameGeneration(head: Buffer, has_header: boolean, is_final: boolean): string | undefined {
  let end = head.indexOf(10);
  if (has_header && end !== -1) end = head.indexOf(10, end + 1);
  if (end === -1) {
    if (head.length === 0 || (head.length < generation_bytes_max && !is_final)) return undefined;
    end = head.length;
  }
  const named = head.subarray(0, Math.min(end, generation_bytes_max));
  return createHash('sha256').update(named).digest('hex').slice(0, 16);
}

export class Lives {
  readonly all = new Set<Life>();
  readonly #prefix: string;
  #next = 1;

  constructor(stream: string, checkpoint: Checkpoint) {
    this.#prefix = `${stream}/`;
    for (const [key, value] of Object.entries(checkpoint)) {
      if (!key.startsWith(this.#prefix)) continue;
      const [generation, offset, tail, is_done, path, seen] = value as StoredLife;
      this.all.add({
        ...{ key, generation, offset, tail, is_done: is_done === 1, path, seen },
        ...{ size_seen: 0, is_drained: false, missing_ms: 0 },
      });
      this.#next = Math.max(this.#next, Number(key.slice(this.#prefix.length)) + 1);
    }
  }

  begin(generation: string, path: string): Life {
    const life: Life = {
      ...{ key: `${this.#prefix}${this.#next++}`, generation, offset: 0, tail: hashTail(Buffer.alloc(0)) },
      ...{ is_done: false, path, seen: '', size_seen: 0, is_drained: false, missing_ms: 0 },
    };
    this.all.add(life);
    return life;
  }

  /** Those of a generation, the one read furthest first. */
  of(generation: string): Life[] {
    return [...this.all].filter((life) => life.generation === generation).sort((a, b) => b.offset - a.offset);
  }

  seenAs(seen: string): Life | undefined {
    for (const life of this.all) if (life.seen === seen) return life;
    return undefined;
  }
}

/** The life as it lies in the checkpoint. */
export function storeLife(life: Life): Checkpoint {
  const stored: StoredLife = [
    life.generation,
    life.offset,
    life.tail,
    life.is_done ? 1 : 0,
    life.path,
    life.seen,
  ];
  return { [life.key]: stored };
}
