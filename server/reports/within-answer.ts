/**
 * What one answer may hold. Attackers fill events with whole records of text: some thousand of them are more than a
 * process can read at once, and all of its other work waits meanwhile.
 */
import { OperationalError } from '@apiary/model/errors.ts';
import type { Reader } from './count-by.ts';

/** Of the engine's rows; as JSON they are about as much again. */
const answer_bytes_max = 64 * 1024 * 1024;
/** MEMORY_LIMIT_EXCEEDED, TOO_MANY_ROWS_OR_BYTES */
const too_much = new Set(['241', '396']);
const fewer = 8;

/** A reader whose answers fit: one that does not is refused as `query_too_large`. */
export const boundReader = (store: Reader): Reader => ({
  query: (sql, params, limits) => store.query(sql, params, { bytes_max: answer_bytes_max, ...limits }),
  queryBytes: (sql, format, params, limits) => store.queryBytes(sql, format, params, limits),
  syntaxTree: (statement) => store.syntaxTree(statement),
});

const isTooMuch = (error: unknown): boolean =>
  error instanceof OperationalError &&
  error.code === 'query_too_large' &&
  too_much.has((error.cause as { code?: string } | undefined)?.code ?? '');

/**
 * The first rows of a list: fewer than asked for where these hold more than fits.
 * @param read rows in order, as many as it is told at most
 */
export async function firstRows<T>(
  rows_max: number,
  read: (rows_max: number) => Promise<T[]>,
): Promise<{ rows: T[]; is_cut: boolean }> {
  let rows: T[];
  try {
    rows = await read(rows_max + 1);
  } catch (error) {
    if (rows_max === 1 || !isTooMuch(error)) throw error;
    return firstRows(Math.ceil(rows_max / fewer), read);
  }
  return { rows: rows.slice(0, rows_max), is_cut: rows.length > rows_max };
}
