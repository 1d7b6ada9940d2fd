/**
 * Captures of a container, taken apart by a child that has no rights, no network and no file: it is given bytes and
 * answers with the records in them. It may have been taken over by those bytes, so its answers are believed only as far
 * as they can be true of any capture.
 */
import { type Asked, type ChildWork, Confined, Near } from '../decode/child.ts';
import { confinement } from '../decode/confinement.ts';
import { interfaces_max, announced_bytes_max as passed_bytes_max, waiting_bytes_max } from './capture.ts';
import { answerFrame, type FrameAnswer, type FrameQuestion } from './capture-inside.ts';
import type { FramedPart, FramedRecord, SlowFramer } from './framed.ts';

const work: ChildWork = {
  ...{ program: 'capture', does: 'reads the capture', heap_mib_max: 256 },
  limits: {
    cpu_seconds: 600,
    // Node reserves much of what it never uses.
    memory_bytes: 4 * 1024 ** 3,
    file_bytes: 0,
    output_bytes: 16 * 1024 ** 3,
    silence_ms: 30_000,
    waiting_ms: 600_000,
  },
};
/** The smallest packet with a datagram is 44 bytes and makes a record that travels in some 180. */
const reply_bytes_per_byte_max = 16;
const reply_bytes_min = 1024 * 1024;
const trouble_characters_max = 200;

/** In this process where this host offers no child. */
export function openCaptureChild(buffer_bytes: number): Asked<FrameQuestion> {
  const enclosure = confinement().enclose(undefined, process.execPath);
  if (enclosure === undefined) return new Near({ answer: answerFrame, close: () => undefined });
  return new Confined(enclosure, work, reply_bytes_min + buffer_bytes * reply_bytes_per_byte_max);
}

const isCount = (value: unknown, max = Number.MAX_SAFE_INTEGER): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max;

function isState(state: unknown): boolean {
  if (typeof state !== 'object' || state === null || Object.keys(state).length !== 3) return false;
  const { form, is_little, interfaces } = state as Record<string, unknown>;
  return (
    ['unknown', 'pcap', 'pcapng'].includes(form as string) &&
    typeof is_little === 'boolean' &&
    Array.isArray(interfaces) &&
    interfaces.length <= interfaces_max &&
    interfaces.every(
      (one) =>
        Object.keys(one ?? {}).length === 2 && isCount(one.link, 0xffff) && /^[1-9]\d{0,19}$/.test(one.ticks),
    )
  );
}

/** @throws where no capture could have been answered so. */
export function checkAnswer(answer: unknown, bytes: number, base: number): FrameAnswer {
  const { records, used, trouble, state } = (answer ?? {}) as FrameAnswer;
  const lie = (what: string): never => {
    throw new Error(`the child that reads the capture: gave ${what}`);
  };
  if (!Array.isArray(records) || typeof trouble !== 'string' || !isState(state)) return lie('no true answer');
  if (!isCount(used, bytes + passed_bytes_max)) return lie('a place that is not in the file');
  // Asked again for the same bytes for ever, it would keep its reader going round.
  if (trouble === '' && used < bytes - waiting_bytes_max) return lie('nothing of what is there');
  let next = base;
  for (const { place, text, original_size, is_cut } of records) {
    if (!isCount(place, base + Math.min(used, bytes) - 1) || place < next)
      return lie(`a record at ${String(place)}, where none can be`);
    if (typeof text !== 'string' || !isCount(original_size) || typeof is_cut !== 'boolean')
      return lie('no true record');
    next = place + 1;
  }
  return { records, used, trouble: trouble.slice(0, trouble_characters_max), state };
}

export class ChildFramer implements SlowFramer {
  readonly #udp_port: number;
  readonly #ask: (question: FrameQuestion) => ReturnType<Asked<FrameQuestion>['ask']>;
  #state: unknown;

  /** @param ask The child that there is at that moment: it keeps nothing between two questions. */
  constructor(
    udp_port: number,
    state: unknown,
    ask: (question: FrameQuestion) => ReturnType<Asked<FrameQuestion>['ask']>,
  ) {
    this.#udp_port = udp_port;
    this.#state = state ?? null;
    this.#ask = ask;
  }

  get state(): unknown {
    return this.#state;
  }

  /** @throws what became of the child, and what it lied about. */
  async frame(bytes: Buffer, base: number): Promise<FramedPart> {
    const question = { bytes: bytes.toString('base64'), base, udp_port: this.#udp_port, state: this.#state };
    const replied = await this.#ask(question);
    if ('error' in replied) throw new Error(`the child that reads the capture: ${String(replied.error)}`);
    const { records, used, trouble, state } = checkAnswer(replied.answer, bytes.length, base);
    this.#state = state;
    const found = records.map(
      ({ text, ...record }): FramedRecord => ({ ...record, bytes: Buffer.from(text) }),
    );
    return { records: found, used, ...(trouble === '' ? {} : { trouble }) };
  }
}
