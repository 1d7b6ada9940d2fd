/** Months of collection, in which tables are partitioned, and the portions in which one is written. */
import type { Store } from '../store/store.ts';

export interface MonthSources {
  /** What makes events of each record table, with the columns that it gives. */
  selects: { table: string; select: string; columns: ReadonlySet<string> }[];
  /** Columns of the event table, in its order. */
  defaults: { name: string; type: string }[];
}

/** Rows that one statement writes: a request to the engine ends after ten minutes. */
const portion_rows = 10_000_000;

/** As numbers like 202611. */
export async function readMonths(store: Store, table: string): Promise<number[]> {
  const rows = await store.query<{ month: number }>(
    `SELECT DISTINCT toYYYYMM(collect_ts) AS month FROM ${table} ORDER BY month`,
  );
  return rows.map(({ month }) => Number(month));
}

/** Conditions on `collect_ts` that together are the whole month: runs of days with so many rows. */
export async function divideMonth(store: Store, table: string, month: number): Promise<string[]> {
  const days = await store.query<{ day: string; rows: string }>(
    `SELECT toDate(collect_ts) AS day, count() AS rows FROM ${table} WHERE toYYYYMM(collect_ts) = ${month} GROUP BY day ORDER BY day`,
  );
  const firsts: string[] = [];
  let rows = portion_rows;
  for (const day of days) {
    rows += Number(day.rows);
    if (rows <= portion_rows) continue;
    firsts.push(day.day);
    rows = Number(day.rows);
  }
  return firsts.map((first, index) => {
    const next = firsts[index + 1];
    return `toDate(collect_ts) >= '${first}'${next === undefined ? '' : ` AND toDate(collect_ts) < '${next}'`}`;
  });
}
