/**
 * Follows the log of Linux's audit daemon for what was executed: records of one event are lines with the same
 * `msg=audit(SECONDS.MILLISECONDS:SERIAL)` (audit.log(5), the kernel's kernel/auditsc.c). Values that hold a space, a
 * quote or a control character are written in hexadecimal.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

export interface Execution {
  time_ms: number;
  serial: string;
  pid: number;
  ppid: number;
  uid: number;
  euid: number;
  tty: string;
  exe: string;
  cwd: string;
  args: string[];
  is_done: boolean;
}

const read_bytes = 256 * 1024;
const line_bytes_max = 64 * 1024;
const open_events_max = 2000;
const open_for_ms = 2000;
const arguments_max = 256;

/** A quoted or hexadecimal value; text of one character a byte becomes UTF-8. */
function decodeValue(value: string): string {
  if (value.startsWith('"')) return Buffer.from(value.slice(1, -1), 'latin1').toString('utf8');
  if (/^(?:[0-9A-F]{2})+$/.test(value)) return Buffer.from(value, 'hex').toString('utf8');
  return value === '(null)' ? '' : value;
}

function readFields(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/([a-z0-9_[\]-]+)=("[^"]*"|\S+)/gi)].map(([, key, value]) => [key!, value!]),
  );
}

/** Arguments in their order, each in hexadecimal; long ones come in pieces, `a1_len=… a1[0]=… a1[1]=…`. */
function addArguments(fields: ReadonlyMap<string, string>, pieces: Map<number, string>): void {
  for (const [key, value] of fields) {
    const found = /^a(\d{1,5})(?:\[\d+\])?$/.exec(key);
    const index = Number(found?.[1]);
    if (found === null || index >= arguments_max) continue;
    const is_hex = /^(?:[0-9A-F]{2})+$/.test(value);
    const text = value.startsWith('"') ? value.slice(1, -1) : value;
    const piece = is_hex ? value : Buffer.from(text, 'latin1').toString('hex');
    pieces.set(index, (pieces.get(index) ?? '') + piece);
  }
}

interface OpenEvent {
  time_ms: number;
  serial: string;
  call: Map<string, string> | undefined;
  cwd: string;
  pieces: Map<number, string> | undefined;
}

/** Puts lines together to executions. */
export class AuditEvents {
  readonly #open = new Map<string, OpenEvent>();

  /** The executions that this line completes: the kernel ends an event with PROCTITLE and EOE. */
  take(line: string): Execution[] {
    const found = /^(?:node=\S+ )?type=([A-Z_0-9]+) msg=audit\((\d{1,11})\.(\d{3}):(\d+)\): ?([^\x1d]*)/.exec(
      line,
    );
    if (found === null) return [];
    const [, type, seconds, milliseconds, serial, rest] = found as unknown as string[];
    const done: Execution[] = [];
    const time_ms = Number(seconds) * 1000 + Number(milliseconds);
    // Two processors write two events at once, line by line: only time ends one whose end was left out.
    for (const [key, event] of this.#open)
      if (key !== serial && time_ms - event.time_ms > open_for_ms) done.push(...this.#finish(key, event));
    let event = this.#open.get(serial!);
    if (event === undefined) {
      event = {
        time_ms,
        serial: serial!,
        call: undefined,
        cwd: '',
        pieces: undefined,
      };
      this.#open.set(serial!, event);
    }
    if (type === 'SYSCALL') event.call = readFields(rest!);
    else if (type === 'CWD') event.cwd = decodeValue(readFields(rest!).get('cwd') ?? '');
    else if (type === 'EXECVE') {
      event.pieces ??= new Map();
      addArguments(readFields(rest!), event.pieces);
    } else if (type === 'EOE' || type === 'PROCTITLE') done.push(...this.#finish(serial!, event));
    // Many at once, none of them ended: the oldest is done with what there is of it.
    const [oldest] = this.#open;
    if (this.#open.size > open_events_max) done.push(...this.#finish(...oldest!));
    return done;
  }

  /** Whether lines were taken whose event has not ended yet. */
  get is_open(): boolean {
    return [...this.#open.values()].some(({ call, pieces }) => call !== undefined || pieces !== undefined);
  }

  /** What is left when nothing more was written for a while: a daemon may leave out the end of an event. */
  flush(): Execution[] {
    return [...this.#open].flatMap(([key, event]) => this.#finish(key, event));
  }

  #finish(key: string, { time_ms, serial, call, cwd, pieces }: OpenEvent): Execution[] {
    this.#open.delete(key);
    if (call === undefined || pieces === undefined) return [];
    const number = (name: string): number => Number(call.get(name) ?? 0) || 0;
    return [
      {
        ...{
          time_ms,
          serial,
          cwd,
          pid: number('pid'),
          ppid: number('ppid'),
          uid: number('uid'),
          euid: number('euid'),
        },
        tty: call.get('tty') ?? '',
        exe: decodeValue(call.get('exe') ?? ''),
        args: [...pieces]
          .sort(([a], [b]) => a - b)
          .map(([, piece]) => Buffer.from(piece, 'hex').toString('utf8')),
        is_done: call.get('success') === 'yes',
      },
    ];
  }
}

export interface LogPosition {
  ino: number;
  offset: number;
}

/** Follows a log that the host's own daemon writes and rotates by renaming. */
export class AuditLog {
  readonly path: string;
  #fd: number | undefined;
  #ino = 0;
  #offset = 0;
  #rest = '';
  #wanted: LogPosition | undefined;

  /** @param from where it was read up to before; without it only what is written from now on counts */
  constructor(path: string, from?: LogPosition) {
    this.path = path;
    this.#wanted = from;
    // Before anything waits: what is written between here and the first look counts.
    if (from === undefined) {
      const now = statSync(path, { throwIfNoEntry: false });
      if (now !== undefined) this.#wanted = { ino: now.ino, offset: now.size };
    }
  }

  get position(): LogPosition {
    return { ino: this.#ino, offset: this.#offset - Buffer.byteLength(this.#rest, 'latin1') };
  }

  /** New whole lines, some at a time. @throws where the log cannot be read */
  read(): string[] {
    if (this.#fd === undefined) this.#open();
    const lines = this.#readOn();
    const now = statSync(this.path, { throwIfNoEntry: false });
    if (lines.length === 0 && now !== undefined && (now.ino !== this.#ino || now.size < this.#offset)) {
      this.close();
      this.#open();
      return this.#readOn();
    }
    return lines;
  }

  #open(): void {
    this.#fd = openSync(this.path, 'r');
    const { ino, size } = fstatSync(this.#fd);
    this.#ino = ino;
    this.#offset = this.#wanted?.ino === ino && this.#wanted.offset <= size ? this.#wanted.offset : 0;
    this.#wanted = undefined;
    this.#rest = '';
  }

  #readOn(): string[] {
    const buffer = Buffer.allocUnsafe(read_bytes);
    const count = readSync(this.#fd!, buffer, 0, read_bytes, this.#offset);
    this.#offset += count;
    const lines = (this.#rest + buffer.toString('latin1', 0, count)).split('\n');
    this.#rest = lines.pop()!.slice(-line_bytes_max);
    return lines;
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
