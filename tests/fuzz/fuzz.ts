/** Puts mutated inputs through a decoder and holds it to what a decoder of hostile bytes owes. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { crc32 } from 'node:zlib';
import { seededRandom } from '../rig/random.ts';
import type { FuzzDecoder } from './decoder.ts';
import { mutate } from './mutate.ts';

export interface FuzzOptions {
  inputs: number;
  seed: number;
  /** Told the index of each input before it is decoded. */
  beat?(index: number): void;
}

export interface FuzzFigures {
  inputs: number;
  seconds: number;
  /** Of this thread on a processor: other work on the machine does not count. */
  slowest_ms: number;
  /** Of the resident memory, from behind the first inputs to the end. */
  growth_bytes: number;
  /** Inputs that were refused with a documented error. */
  refused: number;
}

export const input_ms_max = 1000;
/** The runtime keeps what its heap and its pools once needed, some 200 MiB; 4 KiB kept of each of 100,000 inputs is more. */
export const growth_bytes_max = 384 * 1024 * 1024;
/** Inputs after which code and pools have their size. */
const warm_up_inputs = 200;
const task_inputs = 64;
const shown_bytes_max = 2048;

/** Any input can be had again by decoder, seed and index alone. */
export function makeInput(decoder: FuzzDecoder, seed: number, index: number): Buffer {
  const random = seededRandom(crc32(`${decoder.name} ${seed} ${index}`));
  const input = mutate(random, decoder.seeds, decoder.words ?? []);
  if (decoder.repair !== undefined && random() < 0.5) decoder.repair(input);
  return input;
}

export class FuzzFailure extends Error {}

/** What is garbage is no growth: it is collected before memory is measured. */
function measureMemory(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage.rss();
}

/** @throws FuzzFailure with the input */
export async function fuzz(decoder: FuzzDecoder, { inputs, seed, beat }: FuzzOptions): Promise<FuzzFigures> {
  const outputMax = decoder.outputMax ?? ((input_bytes: number) => 16 * input_bytes + 4096);
  const began_ms = performance.now();
  let slowest_ms = 0;
  let refused = 0;
  let before = measureMemory();
  try {
    for (const own of decoder.seeds) decoder.decode(Buffer.from(own));
    for (let index = 0; index < inputs; index += 1) {
      // What the runtime frees only between tasks must not count as growth.
      if (index % task_inputs === 0) await new Promise((resolve) => setImmediate(resolve));
      if (index === warm_up_inputs) before = measureMemory();
      const input = makeInput(decoder, seed, index);
      const fail = (what: string, cause?: unknown): never => {
        const shown = input.toString('hex', 0, shown_bytes_max);
        const which = `${decoder.name}, seed ${seed}, input ${index}, ${input.length} bytes`;
        throw new FuzzFailure(`${what} (${which}): ${shown}`, { cause });
      };
      beat?.(index);
      let output = 0;
      const decode = (): number => {
        const before_decode = process.threadCpuUsage();
        try {
          output = decoder.decode(Buffer.from(input));
        } catch (error) {
          if (decoder.isDocumented?.(error) !== true)
            fail(`threw ${(error as Error)?.stack ?? error}`, error);
          output = -1;
        }
        const { user, system } = process.threadCpuUsage(before_decode);
        return (user + system) / 1000;
      };
      const took_ms = decode();
      if (output === -1) refused += 1;
      slowest_ms = Math.max(slowest_ms, took_ms);
      if (took_ms > input_ms_max) fail(`took ${Math.round(took_ms)} ms`);
      const most = outputMax(input.length);
      if (!(output <= most)) fail(`gave ${output} where ${most} is the limit`);
    }
    const growth_bytes = measureMemory() - before;
    if (growth_bytes > growth_bytes_max)
      throw new FuzzFailure(`${decoder.name}: memory grew by ${growth_bytes} bytes`);
    const seconds = (performance.now() - began_ms) / 1000;
    return { inputs, seconds, slowest_ms, growth_bytes, refused };
  } finally {
    decoder.close?.();
  }
}
