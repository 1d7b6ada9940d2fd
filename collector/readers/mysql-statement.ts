/**
 * Reads statements of a binary log as far as they say by themselves what they wrote: INSERT with values, and UPDATE of
 * one row by its key. Nothing is executed. What is not plain to see (a function, a query, a condition) is not guessed:
 * the statement is kept as it is.
 */
import { timeText } from './mysql-time.ts';
import { default_mode, type SqlMode, type Token, tokenize } from './mysql-tokens.ts';

/** What the events before a statement set for it. */
export interface StatementContext {
  /** `use`. */
  database: string;
  /** Decimal seconds since 1970. */
  timestamp: string;
  /** Of the session; `UTC` or a zone's name where it has the system's. */
  time_zone: string;
  insert_id: bigint | undefined;
  last_insert_id: bigint | undefined;
  auto_increment: bigint;
  variables: ReadonlyMap<string, Value>;
  charset: string;
  mode: SqlMode;
}

/** Bytes of a text as one character each. */
export type Value =
  | { kind: 'null' }
  | { kind: 'default' }
  | { kind: 'number'; text: string }
  | { kind: 'bytes'; text: string };

export interface TableName {
  database: string;
  table: string;
}

export type ReadStatement =
  | ({ kind: 'insert'; columns: string[] | undefined; rows: Value[][] } & TableName)
  | ({ kind: 'update'; changes: [column: string, value: Value][]; key: string; key_value: Value } & TableName)
  | ({ kind: 'other'; verb: string } & TableName);

/** Charsets in which 0x5c may be the second half of a character. */
const odd_charsets = new Set([
  'big5',
  'cp932',
  'gbk',
  'sjis',
  'gb18030',
  'utf16',
  'utf16le',
  'utf32',
  'ucs2',
]);

class Unclear extends Error {}

class Words {
  readonly #tokens: readonly Token[];
  at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token | undefined {
    return this.#tokens[this.at];
  }

  is(...words: string[]): boolean {
    return words.every((word, index) => {
      const token = this.#tokens[this.at + index];
      if (token?.kind === 'name') return token.bare && token.text.toUpperCase() === word;
      return token?.kind === 'sign' && token.text === word;
    });
  }

  skip(...words: string[]): boolean {
    if (!this.is(...words)) return false;
    this.at += words.length;
    return true;
  }

  need(word: string): void {
    if (!this.skip(word)) throw new Unclear();
  }

  name(): string {
    const token = this.next;
    if (token?.kind !== 'name') throw new Unclear();
    this.at += 1;
    return fromBytes(token.text);
  }

  tableName(database: string): TableName {
    const first = this.name();
    return this.skip('.') ? { database: first, table: this.name() } : { database, table: first };
  }

  end(): void {
    this.skip(';');
    if (this.next !== undefined) throw new Unclear();
  }
}

const fromBytes = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');

/** @param sql the bytes of the statement, one character each */
export function readStatement(sql: string, context: StatementContext): ReadStatement {
  const other = tellOther(sql, context);
  if (odd_charsets.has(context.charset)) return other;
  if (other.verb !== 'insert' && other.verb !== 'update') return other;
  const tokens = tokenize(sql, context.mode);
  if (tokens === undefined) return other;
  try {
    const words = new Words(tokens);
    return other.verb === 'insert' ? readInsert(words, context) : readUpdate(words, context);
  } catch (error) {
    if (error instanceof Unclear) return other;
    throw error;
  }
}

function readInsert(words: Words, context: StatementContext): ReadStatement {
  words.need('INSERT');
  for (const how of ['LOW_PRIORITY', 'HIGH_PRIORITY', 'DELAYED']) words.skip(how);
  words.skip('INTO');
  const table = words.tableName(context.database);
  if (words.skip('SET')) {
    const changes = readChanges(words, context);
    words.end();
    return {
      kind: 'insert',
      ...table,
      columns: changes.map(([name]) => name),
      rows: [changes.map(([, value]) => value)],
    };
  }
  let columns: string[] | undefined;
  if (words.skip('(')) {
    columns = [];
    while (!words.skip(')')) {
      columns.push(readColumn(words));
      words.skip(',');
    }
  }
  if (!words.skip('VALUES')) words.need('VALUE');
  const rows: Value[][] = [];
  do {
    words.need('(');
    const row: Value[] = [];
    while (!words.skip(')')) {
      row.push(readValue(words, context));
      if (!words.is(')')) words.need(',');
    }
    rows.push(row);
  } while (words.skip(','));
  words.end();
  return { kind: 'insert', ...table, columns, rows };
}

/** A column's name, alone or behind its table's. */
function readColumn(words: Words): string {
  let name = words.name();
  while (words.skip('.')) name = words.name();
  return name;
}

function readChanges(words: Words, context: StatementContext): [string, Value][] {
  const changes: [string, Value][] = [];
  do {
    const name = readColumn(words);
    if (words.skip(':')) words.need('=');
    else words.need('=');
    changes.push([name, readValue(words, context)]);
  } while (words.skip(','));
  return changes;
}

function readUpdate(words: Words, context: StatementContext): ReadStatement {
  words.need('UPDATE');
  words.skip('LOW_PRIORITY');
  const table = words.tableName(context.database);
  words.need('SET');
  const changes = readChanges(words, context);
  words.need('WHERE');
  const brackets = words.skip('(');
  const key = readColumn(words);
  words.need('=');
  const key_value = readValue(words, context);
  if (brackets) words.need(')');
  if (words.skip('LIMIT') && words.next?.kind === 'number') words.at += 1;
  words.end();
  return { kind: 'update', ...table, changes, key, key_value };
}

const isIntroducer = (token: Token | undefined): boolean =>
  token?.kind === 'name' && token.bare && (token.text.startsWith('_') || /^n$/i.test(token.text));

function readValue(words: Words, context: StatementContext): Value {
  let sign = '';
  while (words.is('-') || words.is('+')) {
    if (words.skip('-')) sign = sign === '-' ? '' : '-';
    else words.at += 1;
  }
  if (isIntroducer(words.next)) {
    words.at += 1;
    if (words.next?.kind !== 'string') throw new Unclear();
  }
  const token = words.next;
  words.at += 1;
  if (token?.kind === 'number') return { kind: 'number', text: plainNumber(sign + token.text) };
  if (sign !== '') throw new Unclear();
  if (token?.kind === 'string') {
    let text = token.text;
    // Strings that follow each other are one.
    while (!token.hex && words.next?.kind === 'string' && !words.next.hex) {
      text += words.next.text;
      words.at += 1;
    }
    if (words.skip('COLLATE')) words.name();
    return { kind: 'bytes', text };
  }
  if (token?.kind === 'variable') {
    if (token.text.startsWith('@')) throw new Unclear();
    return context.variables.get(fromBytes(token.text).toLowerCase()) ?? { kind: 'null' };
  }
  if (token?.kind !== 'name' || !token.bare) throw new Unclear();
  return readWord(token.text.toUpperCase(), words, context);
}

const plainNumber = (text: string): string =>
  text
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.$/, '');

function readWord(word: string, words: Words, context: StatementContext): Value {
  if (word === 'NULL') return { kind: 'null' };
  if (word === 'DEFAULT') return words.is('(') ? fail() : { kind: 'default' };
  if (word === 'TRUE' || word === 'FALSE') return { kind: 'number', text: word === 'TRUE' ? '1' : '0' };
  const now = ['CURRENT_TIMESTAMP', 'LOCALTIME', 'LOCALTIMESTAMP'].includes(word);
  if (!words.is('(')) return now ? timeValue(context.timestamp, 0, context.time_zone) : fail();
  words.need('(');
  if (word === 'NOW' || now || word === 'UTC_TIMESTAMP') {
    const digits = words.next?.kind === 'number' ? Number(words.next.text) : 0;
    if (words.next?.kind === 'number') words.at += 1;
    words.need(')');
    return timeValue(context.timestamp, digits, word === 'UTC_TIMESTAMP' ? 'UTC' : context.time_zone);
  }
  if (word === 'FROM_UNIXTIME') {
    const value = readValue(words, context);
    words.need(')');
    if (value.kind === 'null') return value;
    if (value.kind === 'default') return fail();
    return timeValue(value.text, 6, context.time_zone);
  }
  words.need(')');
  if (word === 'UNIX_TIMESTAMP') return { kind: 'number', text: context.timestamp.replace(/\..*/, '') };
  if (word === 'LAST_INSERT_ID' && context.last_insert_id !== undefined)
    return { kind: 'number', text: String(context.last_insert_id) };
  return fail();
}

const fail = (): never => {
  throw new Unclear();
};

function timeValue(seconds: string, digits: number, zone: string): Value {
  const [whole = '', fraction = ''] = seconds.split('.');
  const kept = fraction.slice(0, digits);
  const text = timeText(kept === '' ? whole : `${whole}.${kept}`, zone);
  return text === undefined ? fail() : { kind: 'bytes', text };
}

const name_part = '(`(?:[^`]|``)*`|"(?:[^"]|"")*"|[\\w$\\x80-\\xff]+)';
const before_table =
  'INTO|FROM|TABLE|UPDATE|VIEW|ON|TRUNCATE|DATABASE|SCHEMA|EXISTS|IGNORE|LOW_PRIORITY|INSERT|REPLACE|TRIGGER|INDEX';
// Looks ahead, because one of these words may follow another.
const first_table = new RegExp(
  `\\b(?:${before_table})\\s+(?=${name_part}(?:\\s*\\.\\s*${name_part})?)`,
  'gi',
);
const not_names = new Set(
  'table if into from not exists ignore low_priority or temporary local view database schema select set values infile data quick'.split(
    ' ',
  ),
);
const bare = (quoted: string): string => {
  const sign = /^[`"]/.exec(quoted)?.[0];
  return fromBytes(sign === undefined ? quoted : quoted.slice(1, -1).replaceAll(sign + sign, sign));
};
const looked_at = 4096;

/** The verb of any statement, and the first table or database that it names. */
function tellOther(sql: string, context: StatementContext): ReadStatement & { kind: 'other' } {
  const start = sql
    .slice(0, looked_at)
    .replace(/\/\*!\d*|\*\//g, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/'(?:[^'\\]|\\.|'')*'/g, "''");
  const verb = /^[\s(]*([A-Za-z]+)/.exec(start)?.[1]?.toLowerCase() ?? '';
  const of_database = /^[\s(]*\w+\s+(?:OR\s+REPLACE\s+)?(DATABASE|SCHEMA)\b/i.test(start);
  const of_server =
    /^[\s(]*(?:(?:CREATE|DROP|ALTER|RENAME)\s+(?:OR\s+REPLACE\s+)?(?:USER|ROLE|SERVER|TABLESPACE)|GRANT|REVOKE|FLUSH|SET)\b/i.test(
      start,
    );
  const named = [...start.matchAll(first_table)].find(([, first]) => !not_names.has(first!.toLowerCase()));
  const other = { kind: 'other' as const, verb, database: context.database, table: '' };
  if (of_server) return { ...other, database: '' };
  if (named === undefined) return other;
  const [, first, second] = named;
  if (of_database) return { ...other, database: bare(first!) };
  return second === undefined
    ? { ...other, table: bare(first!) }
    : { ...other, database: bare(first!), table: bare(second) };
}

/** The context at the start of a log. */
export const freshContext = (time_zone: string): StatementContext => ({
  ...{ database: '', timestamp: '0', time_zone, insert_id: undefined, last_insert_id: undefined },
  ...{ auto_increment: 1n, variables: new Map(), charset: '', mode: default_mode },
});
