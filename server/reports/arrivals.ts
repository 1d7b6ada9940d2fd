/** What has just come into the event table, for whoever watches it: segments by their numbers, and their events. */
import type { Counted } from '@apiary/model/api/overview.ts';
import type { Reader } from './count-by.ts';
import { type EventRow, event_column_list } from './event-row.ts';
import type { Scope } from './scope.ts';

/** Segments that are remembered: who looks more seldom than they come is told of fewer. */
const segments_max = 500;
export const arrivals_shown_max = 50;

/** Numbers of segments in the order in which the engine got them. */
export class Arrivals {
  readonly #segments: bigint[] = [];
  #noted = 0;

  note(segment_id: bigint): void {
    this.#segments.push(segment_id);
    this.#noted += 1;
    if (this.#segments.length > segments_max) this.#segments.shift();
  }

  /** Where `since` begins for who comes now. */
  get mark(): number {
    return this.#noted;
  }

  /** Segments that came after a mark, the newest of them. */
  since(mark: number): bigint[] {
    const count = Math.min(this.#noted - mark, this.#segments.length);
    return count === 0 ? [] : this.#segments.slice(-count);
  }
}

export interface ArrivedEvents {
  count: number;
  /** The newest of them. */
  rows: EventRow[];
  countries: Counted[];
}

/** The events of some segments; the period of the scope does not count, because an event may come late. */
export async function arrivedEvents(
  store: Reader,
  scope: Scope,
  segments: readonly bigint[],
): Promise<ArrivedEvents> {
  const where = [
    `segment_id IN (${segments.join(', ')})`,
    ...scope.conditions.map(({ sql }) => `(${sql})`),
  ].join(' AND ');
  const countries = await store.query<{ value: string; events: string }>(
    `SELECT attacker_country AS value, count() AS events FROM event WHERE ${where} GROUP BY value ORDER BY events DESC`,
    scope.params,
  );
  const count = countries.reduce((sum, { events }) => sum + Number(events), 0);
  if (count === 0) return { count, rows: [], countries: [] };
  const rows = await store.query<EventRow>(
    `SELECT ${event_column_list} FROM event WHERE ${where} ORDER BY collect_ts DESC, detect_ts DESC, event_id DESC LIMIT ${arrivals_shown_max}`,
    scope.params,
  );
  return {
    count,
    rows,
    countries: countries.map(({ value, events }) => ({ value, events: Number(events) })),
  };
}
