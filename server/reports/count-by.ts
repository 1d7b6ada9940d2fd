/**
 * Counts of events by one expression. Where the event table has an aggregate projection over the columns that
 * are asked for, the period is split into whole months, days or hours, which the projection answers, and the
 * edges, which are counted from the events themselves. The sums are the same by construction: the pieces
 * touch and do not overlap.
 */
import type { Store } from '../store/store.ts';
import { dateTime } from './date-time.ts';
import type { Scope } from './scope.ts';

export type Reader = Pick<Store, 'query' | 'queryBytes' | 'syntaxTree'>;

export const units = ['month', 'day', 'hour'] as const;
export type Unit = (typeof units)[number];

/** The columns of the projections in server/store/migrations/001_event.sql, by the unit of their time. */
export const projections: readonly { unit: Unit; columns: readonly string[] }[] = [
  { unit: 'hour', columns: ['sensor_id', 'vantage', 'service', 'action'] },
  { unit: 'day', columns: ['sensor_id', 'vantage', 'service', 'action'] },
  { unit: 'day', columns: ['sensor_id', 'vantage', 'attacker_country'] },
  ...(['attacker_ip', 'username', 'password', 'command'] as const).flatMap((column) => [
    { unit: 'month' as const, columns: ['vantage', column] },
    { unit: 'day' as const, columns: ['sensor_id', 'vantage', column] },
  ]),
];

/** How a unit's begin is written, in SQL and as the literal that it is compared with: as in the projections. */
const unit_sql: Record<Unit, (column: string) => string> = {
  month: (column) => `toStartOfMonth(${column})`,
  day: (column) => `toDate(${column})`,
  hour: (column) => `toStartOfHour(${column})`,
};
const literal = (unit: Unit, ms: number): string =>
  unit === 'hour'
    ? `toDateTime(${ms / 1000}, 'UTC')`
    : `toDate('${new Date(ms).toISOString().slice(0, 10)}')`;

/** The first begin of a unit at or after a moment. */
export function ceilUnit(unit: Unit, ms: number): number {
  const date = new Date(ms);
  if (unit === 'hour') return Math.ceil(ms / 3_600_000) * 3_600_000;
  if (unit === 'day') return Math.ceil(ms / 86_400_000) * 86_400_000;
  const begin = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  return begin === ms ? ms : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

/** The last begin of a unit at or before a moment. */
export function floorUnit(unit: Unit, ms: number): number {
  if (unit === 'hour') return Math.floor(ms / 3_600_000) * 3_600_000;
  if (unit === 'day') return Math.floor(ms / 86_400_000) * 86_400_000;
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

export interface Piece {
  unit: Unit | 'event';
  from_ms: number;
  to_ms: number;
}

/** Splits a period: the largest units in the middle, smaller ones beside them, events at the edges. */
export function splitPeriod(from_ms: number, to_ms: number, usable: readonly Unit[]): Piece[] {
  const unit = units.find((one) => usable.includes(one));
  if (from_ms >= to_ms) return [];
  if (unit === undefined) return [{ unit: 'event', from_ms, to_ms }];
  const rest = usable.filter((one) => one !== unit);
  const begin = ceilUnit(unit, from_ms);
  const end = floorUnit(unit, to_ms);
  if (begin >= end) return splitPeriod(from_ms, to_ms, rest);
  return [
    ...splitPeriod(from_ms, begin, rest),
    { unit, from_ms: begin, to_ms: end },
    ...splitPeriod(end, to_ms, rest),
  ];
}

/** The units in which projections can answer a question that reads these columns. */
export function usableUnits(columns: readonly string[], coarsest: Unit = 'month'): Unit[] {
  const usable = units.filter(
    (unit) =>
      units.indexOf(unit) >= units.indexOf(coarsest) &&
      projections.some(
        (projection) =>
          projection.unit === unit && columns.every((column) => projection.columns.includes(column)),
      ),
  );
  // Beside counts by day those by hour are not worth a query of their own: the events of the two days at the
  // edges are read as fast.
  return usable.includes('day') ? usable.filter((unit) => unit !== 'hour') : usable;
}

export interface CountQuestion {
  /** What is counted by, over columns of the event; `{time}` in it is the time of the event or unit. */
  expression: string;
  /** The columns that the expression reads, but for the time. */
  columns: readonly string[];
  /** Coarsest unit in which the time may be known; absent where the expression has no time. */
  time_unit?: Unit;
  /** At most so many groups, those with the most events; absent: all. */
  limit?: number;
}

/**
 * From 100,000 groups on the engine would count into many tables, so that threads can join them. One table took a
 * quarter less of the processor's time (seen with 150,000 sources), and a page's queries run side by side anyway.
 * In a subquery, because the store has settings of its own at the end of a statement.
 */
const one_table = ' SETTINGS group_by_two_level_threshold = 0, group_by_two_level_threshold_bytes = 0';

/** The columns of each shape of the table `expired_count`. */
const expired_shapes: Record<string, readonly string[]> = {
  source: ['sensor_id', 'vantage', 'service', 'action', 'attacker_country', 'attacker_ip'],
  username: ['sensor_id', 'vantage', 'username'],
  password: ['sensor_id', 'vantage', 'password'],
  command: ['sensor_id', 'vantage', 'command'],
};

/**
 * What the events that have expired counted on the whole days of the period: rows {day, …, events}.
 * @returns FROM and WHERE; null where nothing has expired, or `read` asks for what was not kept
 */
export function expiredRows(scope: Scope, read: readonly string[]): string | null {
  const { kept_from_ms, from_ms, to_ms, conditions } = scope;
  if (kept_from_ms === null || from_ms >= kept_from_ms) return null;
  const shape = Object.keys(expired_shapes).find((name) =>
    read.every((column) => expired_shapes[name]!.includes(column)),
  );
  const begin = ceilUnit('day', from_ms);
  const end = floorUnit('day', to_ms);
  if (shape === undefined || begin >= end) return null;
  const where = [
    `shape = '${shape}' AND day >= ${literal('day', begin)} AND day < ${literal('day', end)}`,
    ...conditions.map(({ sql }) => sql),
  ];
  return `FROM expired_count WHERE ${where.join(' AND ')}`;
}

/** @returns SQL as the pieces'; null as of `expiredRows`, or where the question asks for less than a day */
function expiredSql(
  scope: Scope,
  { expression, time_unit }: CountQuestion,
  read: readonly string[],
): string | null {
  const rows = time_unit === 'hour' ? null : expiredRows(scope, read);
  return rows === null
    ? null
    : `SELECT ${expression.replaceAll('{time}', 'day')} AS value, sum(events) AS events ${rows} GROUP BY value`;
}

/**
 * @param question.expression gives `value`; several as a tuple
 * @returns SQL whose rows are {value, events}, most events first
 */
export function countBySql(scope: Scope, question: CountQuestion): string {
  const { expression, columns, limit } = question;
  const read = [...columns, ...scope.conditions.flatMap((condition) => condition.columns)];
  // One source's or password's events are read sooner from where they lie together than found among the counts.
  const usable = scope.conditions.some(({ together }) => together)
    ? []
    : usableUnits(read, question.time_unit);
  const pieces = Map.groupBy(splitPeriod(scope.from_ms, scope.to_ms, usable), ({ unit }) => unit);
  const selects = [...pieces].map(([unit, same_unit]) => {
    const time = unit === 'event' ? 'detect_ts' : unit_sql[unit]('detect_ts');
    const begin = (ms: number): string => (unit === 'event' ? dateTime(ms) : literal(unit, ms));
    const periods = same_unit.map(
      ({ from_ms, to_ms }) => `(${time} >= ${begin(from_ms)} AND ${time} < ${begin(to_ms)})`,
    );
    const conditions = [`(${periods.join(' OR ')})`, ...scope.conditions.map(({ sql }) => sql)];
    const value = expression.replaceAll('{time}', time);
    return `SELECT ${value} AS value, count() AS events FROM event WHERE ${conditions.join(' AND ')} GROUP BY value`;
  });
  const expired = expiredSql(scope, question, read);
  if (expired !== null) selects.push(expired);
  const counted =
    selects.length === 1
      ? selects[0]
      : `SELECT value, sum(events) AS events FROM (${selects.join(' UNION ALL ')}) GROUP BY value`;
  return limit === undefined
    ? counted!
    : `SELECT value, events FROM (${counted}${one_table}) ORDER BY events DESC, value LIMIT ${limit}`;
}

/** @returns groups with the number of their events as the engine writes it, a decimal string */
export function countBy<T>(
  store: Reader,
  scope: Scope,
  question: CountQuestion,
): Promise<{ value: T; events: string }[]> {
  return store.query(countBySql(scope, question), scope.params);
}
