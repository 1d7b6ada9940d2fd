/**
 * Keeps resident memory small. What a batch leaves behind lies outside the heap of V8, which therefore sees
 * little reason to collect it: left alone, tens of megabytes of sent batches pile up before it does. The
 * heap is small, so that a whole collection takes some milliseconds; collecting only the young generation
 * made it worse, because batches under way were promoted and stayed (seen: 97 MB against 80 MB).
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { type: 'minor' | 'major' }) => void;

/** Bytes made and dropped between two collections. */
const collect_every_bytes = 3 * 1024 * 1024;
let collect: Collect | undefined;
let dropped_bytes = 0;

/** To be called first of all: later the sizes are settled. */
export function limitMemory(): void {
  process.env.UV_THREADPOOL_SIZE ??= '2';
  setFlagsFromString('--max-semi-space-size=1');
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc') as Collect;
}

/**
 * Leaves out the compiler that optimises what runs often. Most readers leave their work to code that is compiled
 * already, and ship as fast without it (120,000 lines/s take the same time of the processor); the compiler's own pages
 * and what it makes are 6 MB. Only the rows of a binary log take half as long again.
 */
export function leaveOutOptimiser(): void {
  setFlagsFromString('--no-opt');
}

/** Notes that buffers of so many bytes were dropped; collects now and then. */
export function dropBytes(bytes: number): void {
  dropped_bytes += bytes;
  if (dropped_bytes < collect_every_bytes || collect === undefined) return;
  dropped_bytes = 0;
  collect({ type: 'major' });
}
