/** How many of each sensor's records of the last day were not understood: the marks `parse` of the record tables, and what waits raw. */
import { setTimeout as waited } from 'node:timers/promises';
import type { Understanding } from '@apiary/model/api/sensors.ts';
import { type Submodule, streamNames } from '@apiary/model/submodule.ts';
import { waiting_mark } from '@apiary/model/understanding.ts';
import type { Reader } from './reports/count-by.ts';
import type { StateDatabase } from './state/database.ts';

const ask_every_ms = 60_000;
/** Who looks waits no longer: a busy engine is no reason to show nothing at all. */
const wait_ms_max = 3000;
const day = 'collect_ts > now() - INTERVAL 1 DAY';

/** Asks the engine at most once a minute, whoever looks. */
export class UnderstandingKeeper {
  readonly #options: { store: Reader; state: StateDatabase; submodules: readonly Submodule[] };
  #asked_ms = Number.NEGATIVE_INFINITY;
  #asked: Promise<Understanding | null> = Promise.resolve(null);

  constructor(options: { store: Reader; state: StateDatabase; submodules: readonly Submodule[] }) {
    this.#options = options;
  }

  /** @returns null where the engine did not answer, or not yet */
  look(now_ms: number): Promise<Understanding | null> {
    if (now_ms - this.#asked_ms >= ask_every_ms) {
      this.#asked_ms = now_ms;
      this.#asked = countNotUnderstood(this.#options.store, this.#tables(), now_ms).catch(() => {
        // That the engine is down is told elsewhere; it is asked again by the next who looks.
        this.#asked_ms = Number.NEGATIVE_INFINITY;
        return null;
      });
    }
    return Promise.race([this.#asked, waited(wait_ms_max, null, { ref: false })]);
  }

  /** Record tables of the sensor types that are in use. */
  #tables(): string[] {
    const types = new Set(
      this.#options.state
        .all<{ type: string }>('SELECT DISTINCT type FROM sensor WHERE retired_ms IS NULL')
        .map(({ type }) => type),
    );
    return this.#options.submodules
      .filter(({ name }) => types.has(name))
      .flatMap((submodule) => streamNames(submodule).map((stream) => `${submodule.name}_${stream}`));
  }
}

/**
 * Where all is understood this reads one small column, `parse`; times only beside other marks, and all records of the
 * last day only of the sensors that have some.
 */
export async function countNotUnderstood(
  store: Reader,
  tables: readonly string[],
  looked_ms: number,
): Promise<Understanding> {
  const each = (select: (table: string, mark: string, not_ok: string) => string): string =>
    [
      ...tables.map((table) => select(table, 'toString(parse)', "parse != 'ok'")),
      // Nothing says of those that wait how far they will be understood.
      select('record_waiting', `'${waiting_mark}'`, 'true'),
    ].join(' UNION ALL ');
  const marked = await store.query<{ sensor_id: number; mark: string; count: string }>(
    `SELECT sensor_id, mark, sum(n) AS count FROM (${each((table, mark, not_ok) => `SELECT sensor_id, ${mark} AS mark, count() AS n FROM ${table} WHERE ${not_ok} AND ${day} GROUP BY sensor_id, mark`)})
     GROUP BY sensor_id, mark ORDER BY sensor_id, count DESC, mark`,
  );
  const ids = [...new Set(marked.map(({ sensor_id }) => sensor_id))];
  if (ids.length === 0) return new Map();
  const all = await store.query<{ sensor_id: number; count: string }>(
    `SELECT sensor_id, sum(n) AS count FROM (${each((table) => `SELECT sensor_id, count() AS n FROM ${table} WHERE sensor_id IN (${ids.join(', ')}) AND ${day} GROUP BY sensor_id`)}) GROUP BY sensor_id`,
  );
  return new Map(
    all.map(({ sensor_id, count }) => [
      sensor_id,
      {
        looked_ms,
        records: Number(count),
        marks: marked
          .filter((one) => one.sensor_id === sensor_id)
          .map(({ mark, count }) => ({ mark, count: Number(count) })),
      },
    ]),
  );
}
