/**
 * Keeps resident memory small. What a batch leaves behind lies outside the heap of V8, which therefore sees
 * little reason to collect it: left alone, tens of megabytes of sent batches pile up before it does.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { type: 'minor' }) => void;

/** Bytes made and dropped between two collections. */
const collect_every_bytes = 512 * 1024;
let collect: Collect | undefined;
let dropped_bytes = 0;

/** To be called first of all: later the sizes are settled. */
export function limitMemory(): void {
  process.env.UV_THREADPOOL_SIZE ??= '2';
  setFlagsFromString('--max-semi-space-size=1');
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc') as Collect;
}

/** Notes that buffers of so many bytes were dropped; collects the young generation now and then. */
export function dropBytes(bytes: number): void {
  dropped_bytes += bytes;
  if (dropped_bytes < collect_every_bytes || collect === undefined) return;
  dropped_bytes = 0;
  collect({ type: 'minor' });
}
