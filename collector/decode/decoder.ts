/**
 * Runs a decoder: a program of others that turns bytes of a honeypot into something readable. It gets its input by an
 * open descriptor or a pipe, never by a name; its output is taken piece by piece and never kept whole. What it may use
 * is limited, and whoever goes beyond is killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { confinement } from './confinement.ts';

export interface DecoderLimits {
  cpu_seconds: number;
  memory_bytes: number;
  /** The largest file that it may write, in the system's folder for temporary ones; 0 where it needs none. */
  file_bytes: number;
  output_bytes: number;
  /** Waiting for one more piece of output. */
  silence_ms: number;
  /** Waiting for output altogether; time in which the output was worked on does not count. */
  waiting_ms: number;
}

export interface Decoding {
  /** Words before the confinement's own (Enclosure). */
  before?: readonly string[];
  /** Full path of the program. */
  program: string;
  args: readonly string[];
  /** An open descriptor, which becomes its standard input, or bytes that are written into a pipe. */
  input: number | AsyncIterable<Uint8Array>;
  limits: DecoderLimits;
  /** Takes a piece of output; the decoder waits until it is done. */
  take(piece: Buffer): void | Promise<void>;
}

export interface DecoderEnd {
  /** `done`: it ended by itself and well. `failed`: with an error or a signal. The others were killed. */
  outcome: 'done' | 'failed' | 'hung' | 'too_much';
  /** What it said or why it was killed, for people; '' where it is done. */
  reason: string;
  output_bytes: number;
}

const said_bytes_max = 2000;
const hung = Symbol('hung');

/** @throws only what `take` or the input throws; the decoder is dead by then. */
export async function decode(decoding: Decoding): Promise<DecoderEnd> {
  const { before = [], program, args, input, limits, take } = decoding;
  const words = [...before, ...confinement().wrap(limits), program, ...args];
  const child = spawn(words[0]!, words.slice(1), {
    stdio: [typeof input === 'number' ? input : 'pipe', 'pipe', 'pipe'],
    env: { LC_ALL: 'C', TZ: 'UTC' },
    cwd: '/',
  });
  const ended = new Promise<{ code: number | null; signal: string | null; error: string }>((resolve) => {
    child.on('error', (error) => resolve({ code: null, signal: null, error: error.message }));
    child.on('close', (code, signal) => resolve({ code, signal, error: '' }));
  });
  const said = listen(child.stderr!);
  const fed = typeof input === 'number' ? Promise.resolve() : feed(child, input);
  // Thrown into the loop below by killing the child: its output ends then.
  let failure: unknown;
  fed.catch((error: unknown) => {
    failure = error;
    child.kill('SIGKILL');
  });
  let taken: { output_bytes: number; kill_reason: string; outcome: DecoderEnd['outcome'] };
  try {
    taken = await takeOutput(child.stdout!, limits, take);
  } catch (error) {
    end(child);
    await ended;
    throw error;
  }
  if (taken.outcome !== 'done') end(child);
  const { code, signal, error } = await withinSilence(ended, limits, child);
  if (failure !== undefined) throw failure;
  const { output_bytes, outcome, kill_reason } = taken;
  if (outcome !== 'done') return { outcome, reason: kill_reason, output_bytes };
  if (code === 0) return { outcome: 'done', reason: '', output_bytes };
  const how = error !== '' ? error : signal === null ? `ended with ${code}` : `was ended by ${signal}`;
  const words_said = said().trim();
  return { outcome: 'failed', reason: words_said === '' ? how : `${how}: ${words_said}`, output_bytes };
}

/** What it wrote and nobody took would keep its output open for ever. */
function end(child: ChildProcess): void {
  child.kill('SIGKILL');
  child.stdout!.destroy();
}

/** A decoder that closed its output may still go on; it is given one silence. */
async function withinSilence<T>(ended: Promise<T>, limits: DecoderLimits, child: ChildProcess): Promise<T> {
  const timer = setTimeout(() => child.kill('SIGKILL'), limits.silence_ms);
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}

async function takeOutput(
  output: Readable,
  limits: DecoderLimits,
  take: Decoding['take'],
): Promise<{ output_bytes: number; kill_reason: string; outcome: DecoderEnd['outcome'] }> {
  const pieces = output[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let output_bytes = 0;
  let waited_ms = 0;
  for (;;) {
    const began_ms = performance.now();
    const next = await orHung(pieces.next(), Math.min(limits.silence_ms, limits.waiting_ms - waited_ms));
    waited_ms += performance.now() - began_ms;
    if (next === hung) {
      const kill_reason = `gave nothing for ${Math.round(performance.now() - began_ms)} ms and was killed`;
      return { output_bytes, kill_reason, outcome: 'hung' };
    }
    if (next.done === true) return { output_bytes, kill_reason: '', outcome: 'done' };
    output_bytes += next.value.length;
    if (output_bytes > limits.output_bytes) {
      const kill_reason = `wrote more than ${limits.output_bytes} bytes and was killed`;
      return { output_bytes, kill_reason, outcome: 'too_much' };
    }
    await take(next.value);
  }
}

async function orHung<T>(next: Promise<T>, ms: number): Promise<T | typeof hung> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof hung>((resolve) => {
    timer = setTimeout(() => resolve(hung), Math.max(0, ms));
  });
  try {
    return await Promise.race([next, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Keeps the end of what it says on its standard error. */
function listen(stream: Readable): () => string {
  let said = Buffer.alloc(0);
  stream.on('data', (piece: Buffer) => {
    said = Buffer.concat([said, piece]).subarray(-said_bytes_max);
  });
  return () => said.toString('latin1');
}

async function feed(child: ChildProcess, input: AsyncIterable<Uint8Array>): Promise<void> {
  const pipe = child.stdin!;
  let is_closed = false;
  // It may end before it has read all: what it thinks of that stands in its exit code.
  const closed = new Promise<void>((resolve) => {
    const close = (): void => {
      is_closed = true;
      resolve();
    };
    pipe.on('error', close);
    pipe.on('close', close);
  });
  for await (const piece of input) {
    if (is_closed) return;
    if (!pipe.write(piece)) await Promise.race([once(pipe, 'drain').catch(() => undefined), closed]);
  }
  pipe.end();
}
