/**
 * Messages of syslog on a stream (RFC 6587): each behind its length and a space, or each ending in a newline. The
 * first message says which. Nothing is interpreted but where a message ends, and, where the operator asks for it,
 * where its header ends (RFC 5424, RFC 3164).
 */

export interface SyslogFrame {
  bytes: Buffer;
  /** What the sender meant to send, where it is more. */
  original_size: number;
  is_cut: boolean;
  /** The connection ended before the newline. */
  is_unended: boolean;
}

const newline = 10;
const space = 32;
const zero = 48;
const nine = 57;
const length_digits_max = 8;
const octet_start = /^[1-9][0-9]{0,7} </;
/** The longest announcement that can be told from a line, with the `<` behind it. */
const start_bytes = length_digits_max + 2;

/** Cuts the bytes of one connection into messages. Holds at most `message_bytes_max` and what was pushed last. */
export class SyslogFramer {
  readonly #message_bytes_max: number;
  #framing: 'unknown' | 'octets' | 'newline' = 'unknown';
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes of the present message that are still to come and are not kept; only their number counts. */
  #skip = 0;
  /** Bytes of the present line that were dropped because it is too long. */
  #dropped = 0;
  /** The announced size of a message that is too long, whose beginning is held. */
  #oversize = 0;

  constructor(message_bytes_max: number) {
    this.#message_bytes_max = message_bytes_max;
  }

  /** The messages that end in `chunk`. Not sound: what follows cannot be syslog and the connection should end. */
  push(chunk: Buffer): { frames: SyslogFrame[]; is_sound: boolean } {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#framing === 'unknown' && !this.#recognise()) return { frames: [], is_sound: true };
    const frames: SyslogFrame[] = [];
    const is_sound = this.#framing === 'octets' ? this.#takeCounted(frames) : this.#takeLines(frames);
    // What stays is copied, so that a small rest does not hold a large chunk.
    this.#rest = Buffer.from(this.#rest);
    return { frames, is_sound };
  }

  #recognise(): boolean {
    const start = this.#rest.toString('latin1', 0, start_bytes);
    if (octet_start.test(start)) this.#framing = 'octets';
    else if (start.length >= start_bytes || !/^[1-9][0-9]{0,7} ?$/.test(start)) this.#framing = 'newline';
    return this.#framing !== 'unknown';
  }

  #takeLines(frames: SyslogFrame[]): boolean {
    for (;;) {
      const end = this.#rest.indexOf(newline);
      if (end === -1) break;
      this.#endLine(frames, this.#rest.subarray(0, end), false);
      this.#rest = this.#rest.subarray(end + 1);
    }
    const over = this.#rest.length - this.#message_bytes_max;
    if (over > 0) {
      this.#dropped += over;
      this.#rest = this.#rest.subarray(0, this.#message_bytes_max);
    }
    return true;
  }

  #endLine(frames: SyslogFrame[], line: Buffer, is_unended: boolean): void {
    const original_size = line.length + this.#dropped;
    this.#dropped = 0;
    if (original_size === 0) return;
    const bytes = line.subarray(0, this.#message_bytes_max);
    frames.push({ bytes, original_size, is_cut: original_size > bytes.length, is_unended });
  }

  #takeCounted(frames: SyslogFrame[]): boolean {
    for (;;) {
      if (this.#skip > 0) {
        const gone = Math.min(this.#skip, this.#rest.length);
        this.#rest = this.#rest.subarray(gone);
        this.#skip -= gone;
        if (this.#skip > 0) return true;
      }
      if (this.#rest.length === 0) return true;
      const head = readLength(this.#rest);
      if (head === 'malformed') return false;
      if (head === 'incomplete') return true;
      const kept = Math.min(head.length, this.#message_bytes_max);
      this.#oversize = head.length;
      if (this.#rest.length < head.bytes + kept) return true;
      const bytes = this.#rest.subarray(head.bytes, head.bytes + kept);
      if (head.length > 0)
        frames.push({ bytes, original_size: head.length, is_cut: kept < head.length, is_unended: false });
      this.#rest = this.#rest.subarray(head.bytes + kept);
      this.#skip = head.length - kept;
      this.#oversize = 0;
    }
  }

  /** What the connection left unfinished when it ended. */
  end(): SyslogFrame[] {
    const frames: SyslogFrame[] = [];
    if (this.#framing === 'octets') {
      const head = readLength(this.#rest);
      if (typeof head === 'object' && this.#rest.length > head.bytes) {
        const bytes = this.#rest.subarray(head.bytes);
        frames.push({ bytes, original_size: this.#oversize, is_cut: true, is_unended: true });
      }
    } else if (this.#rest.length > 0) this.#endLine(frames, this.#rest, true);
    this.#rest = Buffer.alloc(0);
    return frames;
  }
}

/** The announcement of a counted message. A newline between messages, which some senders add, is passed over. */
function readLength(bytes: Buffer): { length: number; bytes: number } | 'incomplete' | 'malformed' {
  let at = 0;
  while (bytes[at] === newline) at += 1;
  let length = 0;
  for (let digits = 0; at < bytes.length; at += 1, digits += 1) {
    const byte = bytes[at]!;
    if (byte === space && digits > 0) return { length, bytes: at + 1 };
    if (byte < zero || byte > nine || digits === length_digits_max) return 'malformed';
    length = length * 10 + (byte - zero);
  }
  return at >= bytes.length && bytes.length > 64 ? 'malformed' : 'incomplete';
}

/** `<PRI>1 TIMESTAMP HOST APP PROCID MSGID ` and the structured data, whose values may hold escaped brackets. */
const header_5424 =
  /^<\d{1,3}>[1-9]\d{0,2} \S{1,64} \S{1,255} \S{1,48} \S{1,128} \S{1,32} (?:-|(?:\[(?:[^\]"\\]|\\.|"(?:[^"\\]|\\.)*")*\])+)(?: (?:\xef\xbb\xbf)?|$)/s;
/** `<PRI>`, a time, a host, a tag with or without a process id. Programs leave parts of it out. */
const header_3164 =
  /^<\d{1,3}>(?:(?:[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T[\d:.+-]{8,21}Z?) (?:\S{1,255} )?)?(?:[\w./-]{1,48}(?:\[[^\]]{0,32}\])?: ?)?/;
/** Structured data beyond this is taken for part of the message. */
const header_bytes_max = 8192;

/** The part behind the header; the whole where no header is recognised. */
export function stripHeader(message: Buffer): Buffer {
  const start = message.toString('latin1', 0, header_bytes_max);
  const found = header_5424.exec(start) ?? header_3164.exec(start);
  return found === null ? message : message.subarray(found[0].length);
}
