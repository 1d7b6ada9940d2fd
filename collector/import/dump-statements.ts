/**
 * Statements of a dump as mysqldump, mariadb-dump and phpMyAdmin write them: found by quotes and comments, never executed.
 * Text is one character a byte (latin1), so that bytes of any charset come out as they went in.
 */
import { createReadStream } from 'node:fs';

/** mysqldump keeps rows together up to max_allowed_packet, which the server bounds at 1 GiB; this is what we hold. */
export const statement_bytes_max = 128 * 1024 * 1024;

export interface DumpStatement {
  sql: string;
  /** Bytes before it in the dump. */
  offset: number;
}

/** Where quotes, comments and statements begin or end. */
const mark = /['"`;]|--(?=\s|$)|#|\/\*(?![!M])/g;

/** What follows the comments that stand before a statement; those that the server executes are statements. */
const withoutComments = (text: string): string =>
  text.replace(/^(?:\s+|--(?=\s|$)[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*(?![!M])[\s\S]*?\*\/)+/, '');

/** Cuts text that comes in pieces into statements. */
export class StatementCutter {
  #text = '';
  #offset = 0;
  /** Where to look on: everything before it is inside of the statement. */
  #at = 0;

  /** The statements that are whole now. @throws where one is over the limit */
  push(piece: string): DumpStatement[] {
    this.#text += piece;
    const found: DumpStatement[] = [];
    let start = 0;
    for (let at = this.#next(this.#at); at >= 0; at = this.#next(at)) {
      if (this.#text[at - 1] !== ';') continue;
      found.push({ sql: withoutComments(this.#text.slice(start, at)), offset: this.#offset + start });
      start = at;
    }
    this.#text = this.#text.slice(start);
    this.#offset += start;
    this.#at = Math.max(0, this.#at - start);
    if (this.#text.length > statement_bytes_max)
      throw new Error(`a statement of more than ${statement_bytes_max} bytes, at byte ${this.#offset}`);
    return found;
  }

  /** What is left behind the last statement, comments and spaces taken off; '' where the dump ended whole. */
  finish(): { rest: string; offset: number } {
    return { rest: withoutComments(this.#text), offset: this.#offset };
  }

  /** Behind the next quoted text, comment or semicolon; -1 where it is not whole yet. */
  #next(from: number): number {
    mark.lastIndex = from;
    const found = mark.exec(this.#text);
    if (found === null) {
      // The first half of a comment's sign may be the last character.
      this.#at = Math.max(from, this.#text.length - 2);
      return -1;
    }
    const end = this.#endOf(found[0], found.index);
    if (end === -1) this.#at = found.index;
    return end;
  }

  #endOf(sign: string, at: number): number {
    const text = this.#text;
    if (sign === ';') return at + 1;
    if (sign === '/*') {
      const end = text.indexOf('*/', at + 2);
      return end === -1 ? -1 : end + 2;
    }
    if (sign === '--' || sign === '#') {
      const end = text.indexOf('\n', at);
      return end === -1 ? -1 : end + 1;
    }
    const stop = sign === '`' ? /`/g : sign === "'" ? /['\\]/g : /["\\]/g;
    stop.lastIndex = at + 1;
    for (let found = stop.exec(text); found !== null; found = stop.exec(text)) {
      if (found[0] !== '\\') return found.index + 1;
      stop.lastIndex = found.index + 2;
    }
    return -1;
  }
}

export async function* readDump(path: string): AsyncGenerator<DumpStatement> {
  const cutter = new StatementCutter();
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 }))
    yield* cutter.push((piece as Buffer).toString('latin1'));
  const { rest, offset } = cutter.finish();
  if (rest !== '') throw new Error(`it ends inside of a statement, at byte ${offset}`);
}

const created = /^CREATE TABLE (?:IF NOT EXISTS )?(?:`[^`]+`\.)?`([^`]+)` \(([\s\S]*)/i;

/** Table and columns of a CREATE TABLE; undefined of any other statement. */
export function readCreate(sql: string): { table: string; columns: string[] } | undefined {
  const found = created.exec(sql);
  if (found === null) return undefined;
  const columns = [...found[2]!.matchAll(/(?:^|\n)[ \t]*`([^`]+)` /g)].map(([, name]) => utf8(name!));
  return { table: utf8(found[1]!), columns };
}

export const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');

/** Names of the tables that the beginning of a dump makes or fills. */
export function dumpedTables(text: string): string[] {
  const found = text.matchAll(
    /(?:^|\n)(?:CREATE TABLE (?:IF NOT EXISTS )?|INSERT INTO )(?:`[^`]+`\.)?`([^`]+)`/g,
  );
  return [...new Set([...found].map(([, name]) => utf8(name!)))];
}
