/** Fuzzes one decoder in a thread of its own, so that a hang can be seen from outside and ended. */
import { parentPort, workerData } from 'node:worker_threads';
import { decoders } from './decoders.ts';
import { fuzz } from './fuzz.ts';

export interface FuzzTask {
  name: string;
  inputs: number;
  seed: number;
  /** One number: the input that is being decoded. */
  beat: Int32Array<SharedArrayBuffer>;
}

const { name, inputs, seed, beat } = workerData as FuzzTask;
const decoder = decoders.find((one) => one.name === name)!;
const figures = await fuzz(decoder, { inputs, seed, beat: (index) => Atomics.store(beat, 0, index) });
parentPort!.postMessage(figures);
