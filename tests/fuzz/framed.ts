/** Puts bytes through a framer as the reader of such files does: in pieces, with the state in a checkpoint between. */
import type { Framer } from '@apiary/collector/readers/framed.ts';

/** @returns bytes of all records */
export function decodeFramed(make: (state?: unknown) => Framer, input: Buffer): number {
  let framer = make();
  let output = 0;
  let at = 0;
  // Half of it, then all: a record, a head and a name are cut somewhere.
  for (const until of [input.length >> 1, input.length]) {
    if (at >= until) continue;
    const { records, used, trouble } = framer.frame(input.subarray(at, until), at);
    for (const { place, bytes, original_size } of records) {
      if (place < 0 || place > input.length) throw new Error(`a record lies at ${place}`);
      if (original_size < 0) throw new Error(`a record has ${original_size} bytes`);
      output += bytes.length;
    }
    if (used < 0) throw new Error(`used ${used} bytes`);
    if (trouble !== undefined) break;
    at += used;
    framer = make(JSON.parse(JSON.stringify(framer.state)));
  }
  return output;
}
