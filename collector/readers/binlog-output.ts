/**
 * Reads what `mariadb-binlog` and `mysqlbinlog` write with `--base64-output=decode-rows -v`, as bytes: texts of the
 * database stand in it as they are, so it is no UTF-8.
 *
 *     # at 3142
 *     #261123  4:58:14 server id 1  end_log_pos 3246 CRC32 0x3122cda5 <tab>KIND …
 *     … what the event is, up to the next such line
 *
 * Rows of one statement come behind the heads of all its events:
 *
 *     ### INSERT INTO `kippo`.`auth`     or UPDATE, DELETE FROM
 *     ### SET                            before it WHERE, with what the row was
 *     ###   @1=7
 *
 * A statement is text of an attacker and may hold lines that look like heads: a line counts as one only if it ends where
 * the scan of the log itself (binlog-scan.ts) saw the next event end. A row's values cannot: a newline in them is `\x0a`.
 *
 * mysqlbinlog differs: `Rows_query` and lines of `# ` where MariaDB has `Annotate_rows` and `#Q> `; BEGIN is a statement
 * where MariaDB has a GTID; decoded according to its documentation, never tried on MySQL 8.
 */

/** An event that is no row. */
export interface LoggedEvent {
  kind: string;
  /** All that the head says of it, from the kind on. */
  words: string;
  /** Seconds since 1970. */
  time: number;
  /** Where it ends in the file, and the server's connection. */
  end: number;
  thread: number;
  error: number;
}

export type RowKind = 'insert' | 'update' | 'delete';

export interface OutputTaker {
  /** An event began; all rows before it are complete. */
  event(event: LoggedEvent): void;
  /** The text of an event that is no row; cut where it is longer than the limit. */
  text(event: LoggedEvent, text: Buffer, is_cut: boolean): void;
  /** @param name as logged: `` `database`.`table` ``. False where its values are not wanted. */
  row(kind: RowKind, name: string): boolean;
  /** What follows is the row as it was (`before`) or as it is. */
  side(is_before: boolean): void;
  /** A value begins at `at` of `from`. @returns where its newline is */
  value(column: number, from: Buffer, at: number): number;
  rowsEnd(): void;
}

export interface ExpectedEvents {
  /** Pairs: the end of each event as its head says (modulo 2^32), and in the file. */
  ends: readonly number[];
  /** Accept heads of other positions. */
  is_loose: boolean;
}

const newline = 10;
const hash = 0x23;
/** How many events may have no head of their own in a row. */
const skipped_max = 64;
const text_bytes_max = 4 * 1024 * 1024;
/** What is kept of a line; a record is much shorter. */
const line_bytes_max = 4 * 1024 * 1024;

export class BinlogOutput {
  readonly #taker: OutputTaker;
  readonly #expected: ExpectedEvents;
  #next = 0;
  #event: LoggedEvent = { kind: 'Start', words: '', time: 0, end: 0, thread: 0, error: 0 };
  #text: Buffer[] = [];
  #text_bytes = 0;
  #is_cut = false;
  #rest: Buffer[] = [];
  #rest_bytes = 0;
  #may_have_rows = false;
  #in_rows = false;
  #is_wanted = false;
  #row_name: Buffer = Buffer.alloc(0);
  #row_text = '';

  constructor(taker: OutputTaker, expected: ExpectedEvents) {
    this.#taker = taker;
    this.#expected = expected;
  }

  push(piece: Buffer): void {
    const last = piece.lastIndexOf(newline);
    if (last === -1) {
      this.#keepRest(piece);
      return;
    }
    if (this.#rest_bytes === 0) {
      this.#lines(piece, 0, last + 1);
    } else {
      const first = piece.indexOf(newline);
      this.#keepRest(piece.subarray(0, first));
      const line = Buffer.concat([...this.#rest, Buffer.from('\n')]);
      this.#rest = [];
      this.#rest_bytes = 0;
      this.#lines(line, 0, line.length);
      this.#lines(piece, first + 1, last + 1);
    }
    // The piece's memory is used again; what is kept is copied.
    if (last + 1 < piece.length) this.#keepRest(Buffer.from(piece.subarray(last + 1)));
  }

  /** A line that is longer than any record is kept to its start. */
  #keepRest(bytes: Buffer): void {
    this.#rest_bytes += Math.max(1, bytes.length);
    const had = this.#rest.reduce((sum, one) => sum + one.length, 0);
    if (had < line_bytes_max) this.#rest.push(Buffer.from(bytes.subarray(0, line_bytes_max - had)));
  }

  /** Nothing more comes. */
  finish(): void {
    if (this.#rest_bytes > 0) this.push(Buffer.from('\n'));
    this.#endEvent();
  }

  #lines(bytes: Buffer, from: number, to: number): void {
    const taker = this.#taker;
    let at = from;
    while (at < to) {
      const is_row =
        bytes[at] === hash && bytes[at + 1] === hash && bytes[at + 2] === hash && bytes[at + 3] === 0x20;
      if (is_row && this.#may_have_rows) {
        // `###   @N=` is a value, `### X` begins something.
        if (bytes[at + 4] === 0x20) {
          // A shorter line would lead beyond its end.
          if (this.#is_wanted && bytes[at + 5] === 0x20 && bytes[at + 6] === 0x40) {
            let column = 0;
            let digit = at + 7;
            for (; bytes[digit] !== 0x3d && bytes[digit] !== newline; digit += 1)
              column = column * 10 + bytes[digit]! - 0x30;
            at = bytes[digit] === newline ? digit + 1 : taker.value(column - 1, bytes, digit + 1) + 1;
          } else at = bytes.indexOf(newline, at) + 1;
        } else at = this.#rowHead(bytes, at);
        continue;
      }
      const end = bytes.indexOf(newline, at);
      if (bytes[at] === hash && this.#isHead(bytes, at, end))
        this.#beginEvent(bytes.toString('latin1', at, end));
      else this.#keepText(bytes, at, end + 1);
      at = end + 1;
    }
  }

  #rowHead(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(newline, at);
    const first = bytes[at + 4];
    if (first === 0x53) this.#taker.side(false);
    else if (first === 0x57) this.#taker.side(true);
    else {
      this.#in_rows = true;
      const line = bytes.subarray(at, end);
      if (!line.equals(this.#row_name)) {
        this.#row_name = Buffer.from(line);
        this.#row_text = line.subarray(line.indexOf(0x60)).toString('utf8');
      }
      const kind = first === 0x49 ? 'insert' : first === 0x55 ? 'update' : 'delete';
      this.#is_wanted = this.#taker.row(kind, this.#row_text);
    }
    return end + 1;
  }

  /** `#YYMMDD …` that ends where one of the next events does. */
  #isHead(bytes: Buffer, at: number, end: number): boolean {
    const digit = bytes[at + 1]!;
    if (digit < 0x30 || digit > 0x39) return false;
    const found = /^#\d{6} +\d+:\d\d:\d\d server id \d+ +end_log_pos (\d+)[ \t]/.exec(
      bytes.toString('latin1', at, Math.min(end, at + 100)),
    );
    if (found === null) return false;
    const position = Number(found[1]);
    const { ends, is_loose } = this.#expected;
    for (let next = this.#next; next < ends.length && next < this.#next + 2 * skipped_max; next += 2) {
      if (ends[next] !== position) continue;
      this.#next = next + 2;
      return true;
    }
    return is_loose;
  }

  #beginEvent(line: string): void {
    this.#endEvent();
    const words = line.slice(line.indexOf('\t') + 1);
    const number = (name: string): number => Number(new RegExp(`\\b${name}=(\\d+)`).exec(words)?.[1] ?? 0);
    this.#event = {
      kind: /^[A-Za-z_]+/.exec(words)?.[0] ?? '',
      words,
      time: readTime(line),
      end: this.#expected.ends[this.#next - 1] ?? 0,
      thread: number('thread_id'),
      error: number('error_code'),
    };
    this.#may_have_rows = /^(Write|Update|Delete)_/.test(this.#event.kind);
    this.#taker.event(this.#event);
  }

  #endEvent(): void {
    if (this.#in_rows) this.#taker.rowsEnd();
    this.#in_rows = false;
    const text = Buffer.concat(this.#text);
    if (text.length > 0) this.#taker.text(this.#event, text, this.#is_cut);
    this.#text = [];
    this.#text_bytes = 0;
    this.#is_cut = false;
  }

  #keepText(bytes: Buffer, from: number, to: number): void {
    if (this.#in_rows) return;
    const room = text_bytes_max - this.#text_bytes;
    if (to - from > room) this.#is_cut = true;
    if (room <= 0) return;
    this.#text.push(Buffer.from(bytes.subarray(from, Math.min(to, from + room))));
    this.#text_bytes += to - from;
  }
}

/** `#261123  4:58:14`: the decoder runs in UTC. */
function readTime(line: string): number {
  const [, year, month, day, hour, minute, second] =
    /^#(\d\d)(\d\d)(\d\d) +(\d+):(\d\d):(\d\d)/.exec(line) ?? [];
  // Two digits of a year that the server's 32 bits can hold: 1970 to 2106.
  const century = Number(year) >= 70 ? 1900 : 2000;
  const parts = [month, day, hour, minute, second].map(Number) as [number, number, number, number, number];
  return (
    Date.UTC(century + Number(year), parts[0] - 1, ...(parts.slice(1) as [number, number, number, number])) /
    1000
  );
}
