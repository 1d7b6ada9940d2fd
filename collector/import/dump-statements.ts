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

/**
 * What follows the comments that stand before a statement; those that the server executes are statements. No server has
 * version 99.99.99: with it mariadb-dump speaks to its client alone (`/*M!999999\- enable the sandbox mode *\/`).
 */
const withoutComments = (text: string): string =>
  text.replace(
    /^(?:\s+|\xef\xbb\xbf|--(?=\s|$)[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*(?:(?![!M])|M?!999999)[\s\S]*?\*\/)+/,
    '',
  );

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
    return quoteEnd(text, at);
  }
}

/** Behind the quoted text or name that begins at `at`; -1 where it does not end. */
function quoteEnd(text: string, at: number): number {
  const stop = text[at] === '`' ? /`/g : text[at] === "'" ? /['\\]/g : /["\\]/g;
  stop.lastIndex = at + 1;
  for (let found = stop.exec(text); found !== null; found = stop.exec(text)) {
    if (found[0] !== '\\') return found.index + 1;
    stop.lastIndex = found.index + 2;
  }
  return -1;
}

/** @throws where it ends inside of a statement; the rows of an INSERT that are whole come before */
export async function* readDump(path: string): AsyncGenerator<DumpStatement> {
  const cutter = new StatementCutter();
  const routines = new RoutineSkipper();
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    for (const statement of cutter.push((piece as Buffer).toString('latin1')))
      if (!routines.skips(statement.sql)) yield statement;
  }
  const { rest, offset } = cutter.finish();
  // The word of clients has no semicolon of its own.
  if (rest === '' || /^DELIMITER\s+\S+\s*$/i.test(rest)) return;
  const whole = routines.skips(rest) ? undefined : wholeRows(rest);
  if (whole !== undefined) yield { sql: whole, offset };
  throw new Error(`it ends inside of a statement, at byte ${offset}`);
}

/** Triggers and routines hold statements, which nobody ran: they stand between two DELIMITER. */
class RoutineSkipper {
  #is_inside = false;

  skips(sql: string): boolean {
    const [, delimiter] =
      (this.#is_inside ? /(?:^|\n)DELIMITER ([^\s]+)$/i : /^DELIMITER (\S+)/i).exec(sql) ?? [];
    if (delimiter === undefined) return this.#is_inside;
    // `;;` is cut behind its first half.
    this.#is_inside = delimiter === ';' ? !this.#is_inside : true;
    return true;
  }
}

/** A torn INSERT up to its last whole row. */
function wholeRows(torn: string): string | undefined {
  if (!insert_start.test(torn)) return undefined;
  const sign = /['"]|\)(?=\s*,\s*(?:\(|$))/g;
  let end = -1;
  for (let found = sign.exec(torn); found !== null; found = sign.exec(torn)) {
    if (found[0] === ')') {
      end = found.index + 1;
      continue;
    }
    sign.lastIndex = quoteEnd(torn, found.index);
    if (sign.lastIndex <= 0) break;
  }
  return end === -1 ? undefined : `${torn.slice(0, end)};`;
}

const name = '(?:`((?:[^`]|``)+)`|"((?:[^"]|"")+)"|([\\w$\\x80-\\xff]+))';
const table_name = `(?:${name}\\.)?${name}`;
const insert_start =
  /^(?:INSERT|REPLACE)\s+(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\s+)*(?:INTO\s+)?/i;
const created = new RegExp(`^CREATE TABLE (?:IF NOT EXISTS )?${table_name}\\s*\\(([\\s\\S]*)`, 'i');
const column_start = new RegExp(`(?:^|\\n)[ \\t]*${name} `, 'g');
/** What stands between columns, where names have no quotes. */
const no_column = /^(?:PRIMARY|KEY|UNIQUE|INDEX|FULLTEXT|SPATIAL|CONSTRAINT|FOREIGN|CHECK|PERIOD)$/i;

/** The name that the pattern found, whichever of its three forms it has. */
function nameOf(found: readonly (string | undefined)[], at: number): string {
  const text =
    found[at]?.replaceAll('``', '`') ?? found[at + 1]?.replaceAll('""', '"') ?? found[at + 2] ?? '';
  return utf8(text);
}

export interface CreatedTable {
  /** '' where the statement does not say. */
  database: string;
  table: string;
  columns: string[];
}

/** Table and columns of a CREATE TABLE; undefined of any other statement. */
export function readCreate(sql: string): CreatedTable | undefined {
  const found = created.exec(sql);
  if (found === null) return undefined;
  const columns = [...found[7]!.matchAll(column_start)]
    .filter(([, , , bare]) => bare === undefined || !no_column.test(bare))
    .map((column) => nameOf(column, 1));
  return { database: nameOf(found, 1), table: nameOf(found, 4), columns };
}

/**
 * An INSERT as a plain one: a dump's rows are the table's, so that it does not matter what --replace, --insert-ignore or
 * --delayed-insert write. `is_ansi`: its names stand in double quotes. Undefined of any other statement.
 */
export function readInsertStart(sql: string): { sql: string; is_ansi: boolean } | undefined {
  const found = insert_start.exec(sql)?.[0];
  if (found === undefined) return undefined;
  return { sql: `INSERT INTO ${sql.slice(found.length)}`, is_ansi: sql[found.length] === '"' };
}

export const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');

const mentioned = new RegExp(
  `(?:^|\\n)(?:CREATE TABLE (?:IF NOT EXISTS )?|${insert_start.source.slice(1)})${table_name}`,
  'gi',
);

/** Names of the tables that the beginning of a dump makes or fills. */
export function dumpedTables(text: string): string[] {
  return [...new Set([...text.matchAll(mentioned)].map((found) => nameOf(found, 4)))];
}
