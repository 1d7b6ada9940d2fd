/**
 * A statement of a person, checked and run within limits. Every table that it names is put before it as a subquery of
 * our own under the same name, so that what it reads is what we wrote; the engine's other tables have no name in it.
 */
import type { SqlAnswer } from '@apiary/model/api/sql.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { Reader } from '../count-by.ts';
import { checkTree } from './check.ts';
import { listSqlTables, type SqlTable } from './tables.ts';
import { readTokens, type Token, writeTokens } from './tokens.ts';

export const sql_limits = { rows: 10_000, seconds: 20, memory_bytes: 1_000_000_000, at_once: 2 } as const;
/** A cell that is longer is cut, and says so. */
const cell_length_max = 10_000;

/** Names that the statement gives to its own subqueries: `WITH name AS (…)`. */
function ownNames(tokens: readonly Token[]): string[] {
  return tokens.flatMap(({ kind, text }, index) => {
    const [as, open] = [tokens[index + 1]?.text.toUpperCase(), tokens[index + 2]?.text];
    const before = tokens[index - 1]?.text.toUpperCase();
    const is_name = kind === 'word' && as === 'AS' && open === '(' && (before === 'WITH' || before === ',');
    return is_name ? [text.replaceAll('`', '')] : [];
  });
}

/** @throws OperationalError input_invalid as the engine says it, `forbidden` */
async function prepare(store: Reader, text: string, tables: readonly SqlTable[]): Promise<string> {
  const tokens = readTokens(text);
  if (tokens.length === 0) throw new OperationalError('input_invalid', 'query: there is no statement');
  if (!['SELECT', 'WITH', '('].includes(tokens[0]!.text.toUpperCase()))
    throw new OperationalError('forbidden', `only SELECT is taken, not ${tokens[0]!.text}`);
  const statement = writeTokens(tokens);
  const own = ownNames(tokens);
  const listed = new Map(tables.map((table) => [table.name, table]));
  const taken = await store.query<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = 'apiary' AND has({own:Array(String)}, name)",
    { own },
  );
  if (taken.length > 0)
    throw new OperationalError('forbidden', `WITH ${taken[0]!.name}: choose a name that no table has`);
  const read = checkTree(await store.syntaxTree(statement), new Set([...listed.keys(), ...own]));
  const sources = [...read]
    .filter((name) => listed.has(name))
    .map((name) => `${name} AS (SELECT * FROM ${listed.get(name)!.source})`);
  return `${sources.length === 0 ? '' : `WITH ${sources.join(', ')} `}SELECT * FROM (${statement}) LIMIT ${sql_limits.rows + 1}`;
}

function showValue(value: unknown): string | number {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return value;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.length > cell_length_max ? `${text.slice(0, cell_length_max)}… (cut)` : text;
}

/** What the engine says of a statement is said to who wrote it. */
function tellMistake(error: unknown): never {
  const { type, message } = error as { type?: unknown; message: string };
  if (error instanceof OperationalError || typeof type !== 'string') throw error;
  throw new OperationalError('input_invalid', message, { field: 'query' }, error);
}

let running = 0;

/** @throws OperationalError `input_invalid`, `forbidden`, `query_too_large`, `throttled` */
export async function runSql(
  store: Reader,
  text: string,
  seconds_max: number = sql_limits.seconds,
): Promise<SqlAnswer> {
  if (running >= sql_limits.at_once)
    throw new OperationalError(
      'throttled',
      `${running} statements are running already; wait for one of them`,
    );
  running += 1;
  const started = performance.now();
  try {
    const sql = await prepare(store, text, await listSqlTables(store));
    const limits = {
      seconds_max,
      memory_bytes_max: sql_limits.memory_bytes,
      rows_max: sql_limits.rows + 1,
      // Ingestion must not notice.
      threads_max: 1,
    };
    const columns = await store.query<{ name: string; type: string }>(`DESCRIBE (${sql})`, {}, limits);
    const rows = await store.query<Record<string, unknown>>(sql, {}, limits);
    return {
      columns: columns.map(({ name, type }) => ({ name, type })),
      rows: rows.slice(0, sql_limits.rows).map((row) => columns.map(({ name }) => showValue(row[name]))),
      is_cut: rows.length > sql_limits.rows,
      milliseconds: Math.round(performance.now() - started),
    };
  } catch (error) {
    return tellMistake(error);
  } finally {
    running -= 1;
  }
}
