/**
 * Mutated inputs for every decoder of bytes: `npm run -s fuzz -- [--inputs N] [--seed N] [NAME…]`. A line for each;
 * ends with 1 where one crashed, hung, grew or gave too much, with the input that did it.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { decoders } from './decoders.ts';
import type { FuzzFigures } from './fuzz.ts';
import type { FuzzTask } from './worker.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
  },
});
const [inputs, seed] = [Number(values.inputs), Number(values.seed)];
const names = decoders.map(({ name }) => name);
const unknown = positionals.filter((name) => !names.includes(name));
if (!Number.isSafeInteger(inputs) || inputs < 1 || !Number.isSafeInteger(seed) || unknown.length > 0) {
  process.stderr.write(`npm run -s fuzz -- [--inputs N] [--seed N] [NAME…]\nNames: ${names.join(', ')}\n`);
  process.exit(2);
}

const look_ms = 1000;
/** An input that takes longer never ends; shorter ones the fuzzer itself measures. */
const hang_looks = 20;

function run(name: string): Promise<FuzzFigures> {
  const beat = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  const task: FuzzTask = { name, inputs, seed, beat };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => {
    let [last, same] = [-1, 0];
    const timer = setInterval(() => {
      const index = Atomics.load(beat, 0);
      same = index === last ? same + 1 : 0;
      last = index;
      if (same < hang_looks) return;
      reject(new Error(`${name}, seed ${seed}: input ${index} does not end`));
      void worker.terminate();
    }, look_ms);
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      clearInterval(timer);
      reject(new Error(`${name} ended with ${code}`));
    });
  });
}

const pad = (value: number | string, width: number): string => String(value).padStart(width);
for (const name of positionals.length > 0 ? positionals : names) {
  try {
    const { seconds, slowest_ms, growth_bytes, refused } = await run(name);
    const growth_mib = Math.round(growth_bytes / 1024 / 1024);
    process.stdout.write(
      `${name.padEnd(20)} ${pad(inputs, 7)} inputs ${pad(refused, 7)} refused ${pad(seconds.toFixed(1), 7)} s  ` +
        `slowest ${pad(slowest_ms.toFixed(1), 6)} ms  memory ${pad(growth_mib, 4)} MiB\n`,
    );
  } catch (error) {
    process.stdout.write(`${name.padEnd(20)} FAILED: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
