/** A filter as conditions over the event table: period, sensors, honeypots, and the columns of the event. */
import type { Filter, Period } from '@apiary/model/api/filter.ts';
import type { Inventory } from '@apiary/model/api/inventory.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { actions, detect_bases, directions, outcomes, target_kinds, vantages } from '@apiary/model/event.ts';
import {
  contains_columns,
  type EqualColumn,
  equal_columns,
  type RollingPeriod,
} from '@apiary/model/filter-columns.ts';
import { type AddressRange, formatBound, parseNetwork } from '@apiary/model/networks.ts';
import { selectStretches, type WatchedStretch } from './assignments.ts';
import { dateTime } from './date-time.ts';
import { compileFilter } from './filter-sql.ts';
import type { Sight } from './view.ts';

const hour_ms = 3_600_000;
const rolling_ms: Record<RollingPeriod, number> = {
  '1h': hour_ms,
  '24h': 24 * hour_ms,
  '7d': 7 * 24 * hour_ms,
  '30d': 30 * 24 * hour_ms,
  '365d': 365 * 24 * hour_ms,
};

/** The engine's DateTime64(6) holds these years; 2299 is its own end. */
const first_ms = Date.UTC(1970, 0, 1);
const last_ms = Date.UTC(2200, 0, 1);

/** One condition, and the columns that it reads: where a projection has those, it can answer. */
export interface Condition {
  columns: readonly string[];
  sql: string;
  /** The event table keeps a copy in which what the condition finds lies together. */
  together?: boolean;
}

export interface Scope {
  /** Milliseconds since 1970; `to_ms` excluded. */
  from_ms: number;
  to_ms: number;
  /** Of events detected before it only counts may be left; null: all are there. */
  kept_from_ms: number | null;
  conditions: Condition[];
  params: Record<string, unknown>;
}

const number_types: Partial<Record<EqualColumn, [type: string, max: bigint]>> = {
  attacker_asn: ['UInt32', 0xffffffffn],
  source_port: ['UInt16', 0xffffn],
  destination_port: ['UInt16', 0xffffn],
  segment_id: ['UInt64', 0xffffffffffffffffn],
};
const address_columns: readonly EqualColumn[] = ['attacker_ip', 'source_ip', 'destination_ip'];
const enum_columns: Partial<Record<EqualColumn, readonly string[]>> = {
  action: actions,
  target_kind: target_kinds,
  outcome: outcomes,
  direction: directions,
  vantage: vantages,
  detect_basis: detect_bases,
};

function fail(field: string, value: unknown, must: string): never {
  throw new OperationalError('input_invalid', `${field}: ${JSON.stringify(value)} ${must}`, { field, value });
}

/** @throws OperationalError input_invalid for a period that ends before it begins, or lies outside 1970–2199 */
export function resolvePeriod(
  filter: Pick<Filter, 'last' | 'from' | 'to'>,
  now_ms: number,
): { from_ms: number; to_ms: number } {
  if (filter.last !== undefined && (filter.from !== undefined || filter.to !== undefined))
    fail('last', filter.last, 'goes without from and to');
  const to_ms = filter.to === undefined ? now_ms : Date.parse(filter.to);
  const from_ms =
    filter.from === undefined ? to_ms - rolling_ms[filter.last ?? '24h'] : Date.parse(filter.from);
  if (from_ms < first_ms || from_ms > last_ms) fail('from', filter.from, 'must lie in 1970 to 2199');
  if (to_ms > last_ms) fail('to', filter.to, 'must lie in 1970 to 2199');
  if (from_ms >= to_ms) fail('from', filter.from, 'must come before to');
  return { from_ms, to_ms };
}

export const showPeriod = ({ from_ms, to_ms }: { from_ms: number; to_ms: number }): Period => ({
  from: new Date(from_ms).toISOString(),
  to: new Date(to_ms).toISOString(),
});

/** Collects conditions and the values of their parameters. */
class Conditions {
  readonly list: Condition[] = [];
  readonly params: Record<string, unknown> = {};

  /** @returns the placeholder of a value */
  value(type: string, value: unknown): string {
    const name = `v${Object.keys(this.params).length}`;
    this.params[name] = value;
    return `{${name}:${type}}`;
  }

  add(columns: readonly string[], sql: string, together = false): void {
    this.list.push({ columns, sql, together });
  }

  oneOf(column: string, type: string, values: readonly unknown[]): void {
    const [only] = values;
    const together = column === 'password';
    if (values.length === 1) this.add([column], `${column} = ${this.value(type, only)}`, together);
    // Each text is a parameter of its own: how quotes within a list of them are escaped is told differently.
    else if (type === 'String')
      this.add(
        [column],
        `${column} IN (${values.map((value) => this.value(type, value)).join(', ')})`,
        together,
      );
    else this.add([column], `${column} IN ${this.value(`Array(${type})`, values)}`);
  }

  inRanges(column: string, ranges: readonly AddressRange[], not = false): void {
    const each = ranges.map(({ first, last }) => {
      const bound = (value: bigint): string => `toIPv6(${this.value('String', formatBound(value))})`;
      return first === last
        ? `${column} = ${bound(first)}`
        : `(${column} >= ${bound(first)} AND ${column} <= ${bound(last)})`;
    });
    const any = each.length === 0 ? 'false' : `(${each.join(' OR ')})`;
    this.add([column], not ? `NOT ${any}` : any, !not && column === 'attacker_ip');
  }
}

function addEqual(conditions: Conditions, column: EqualColumn, values: string[]): void {
  const number_type = number_types[column];
  const allowed = enum_columns[column];
  if (address_columns.includes(column)) {
    const ranges = values.map(
      (value) => parseNetwork(value) ?? fail(column, value, 'must be an address or a network'),
    );
    conditions.inRanges(column, ranges);
  } else if (number_type !== undefined) {
    const [type, max] = number_type;
    const bad = values.find((value) => !/^\d{1,20}$/.test(value) || BigInt(value) > max);
    if (bad !== undefined) fail(column, bad, `must be a number from 0 to ${max}`);
    conditions.oneOf(column, type, values);
  } else {
    const bad = allowed && values.find((value) => !allowed.includes(value));
    if (bad !== undefined) fail(column, bad, `must be one of ${allowed!.join(', ')}`);
    // Kept in capitals; nobody means another country by small letters.
    const wanted = column === 'attacker_country' ? values.map((value) => value.toUpperCase()) : values;
    conditions.oneOf(column, 'String', wanted);
  }
}

/** One stretch in which a sensor saw a honeypot, as a condition within the period. */
function stretchSql(conditions: Conditions, stretch: WatchedStretch, scope: Scope): string {
  const parts = [`sensor_id = ${conditions.value('UInt32', stretch.sensor_id)}`];
  if (stretch.from_ms > scope.from_ms) parts.push(`detect_ts >= ${dateTime(stretch.from_ms)}`);
  if (stretch.to_ms < scope.to_ms) parts.push(`detect_ts < ${dateTime(stretch.to_ms)}`);
  if (stretch.addresses !== null) {
    const list = stretch.addresses.map(
      (address) => `toIPv6(${conditions.value('String', formatBound(parseNetwork(address)!.first))})`,
    );
    const any = list.length === 0 ? 'false' : `destination_ip IN (${list}) OR source_ip IN (${list})`;
    parts.push(`(${any})`);
  }
  return `(${parts.join(' AND ')})`;
}

function addHoneypots(conditions: Conditions, filter: Filter, inventory: Inventory, scope: Scope): void {
  if (filter.honeypot === undefined && filter.honeynet === undefined) return;
  const stretches = selectStretches(inventory, {
    honeypots: filter.honeypot ?? [],
    honeynets: filter.honeynet ?? [],
  }).filter((stretch) => stretch.from_ms < scope.to_ms && stretch.to_ms > scope.from_ms);
  const whole = stretches.filter(
    ({ from_ms, to_ms, addresses }) => addresses === null && from_ms <= scope.from_ms && to_ms >= scope.to_ms,
  );
  if (stretches.length === 0) conditions.add([], 'false');
  else if (whole.length === stretches.length)
    conditions.oneOf('sensor_id', 'UInt32', [...new Set(whole.map(({ sensor_id }) => sensor_id))]);
  else {
    const any = stretches.map((stretch) => stretchSql(conditions, stretch, scope)).join(' OR ');
    const by_address = stretches.some(({ addresses }) => addresses !== null);
    const columns = ['sensor_id', 'detect_ts', ...(by_address ? ['destination_ip', 'source_ip'] : [])];
    conditions.add(columns, `(${any})`);
  }
}

/**
 * @param sight what the asker may see: names that they may not see are not found
 * @param now_ms the end of a rolling period
 * @throws OperationalError input_invalid, which names the field and the value; forbidden for a question about passwords by
 *   who may not see them
 */
export function resolveScope(filter: Filter, { inventory, visibility }: Sight, now_ms: number): Scope {
  const conditions = new Conditions();
  const scope: Scope = {
    ...resolvePeriod(filter, now_ms),
    kept_from_ms: inventory.events_kept_from_ms,
    conditions: conditions.list,
    params: conditions.params,
  };
  if (filter.sensor !== undefined) conditions.oneOf('sensor_id', 'UInt32', filter.sensor);
  addHoneypots(conditions, filter, inventory, scope);
  for (const column of equal_columns) {
    const values = filter[column];
    if (values !== undefined) addEqual(conditions, column, values);
  }
  for (const column of contains_columns) {
    const part = filter[`${column}_contains`];
    if (part === undefined) continue;
    conditions.add(
      [column],
      `positionCaseInsensitiveUTF8(${column}, ${conditions.value('String', part)}) > 0`,
    );
  }
  for (const pair of filter.extra ?? []) {
    const at = pair.indexOf(':');
    if (at < 1) fail('extra', pair, 'must be key:value');
    const key = conditions.value('String', pair.slice(0, at));
    conditions.add(['extra'], `extra[${key}] = ${conditions.value('String', pair.slice(at + 1))}`);
  }
  const worded = filter.q === undefined ? null : compileFilter(filter.q, inventory);
  if (worded !== null) {
    conditions.add(worded.columns, worded.sql);
    Object.assign(conditions.params, worded.params);
  }
  if (filter.known !== undefined) {
    const ranges = inventory.known_sources.map(({ network }) => parseNetwork(network)!);
    conditions.inRanges('attacker_ip', ranges, filter.known === 'without');
  }
  if (!visibility.sees_secrets && conditions.list.some(({ columns }) => columns.includes('password')))
    throw new OperationalError(
      'forbidden',
      'password: you may not see passwords, and so cannot filter by them; an administrator can permit it',
      { field: 'password' },
    );
  return scope;
}

/** The scope with one more condition, of our own making. */
export const withCondition = (scope: Scope, column: string, sql: string): Scope => ({
  ...scope,
  conditions: [...scope.conditions, { columns: [column], sql }],
});

/** The conditions of a scope over raw events. */
export function rawConditions(scope: Scope): string {
  return [
    `detect_ts >= ${dateTime(scope.from_ms)} AND detect_ts < ${dateTime(scope.to_ms)}`,
    ...scope.conditions.map(({ sql }) => sql),
  ].join(' AND ');
}
