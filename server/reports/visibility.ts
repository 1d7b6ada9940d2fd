/**
 * What of the events a user may see: all, or those that honeynets' honeypots saw while they belonged to them. A sensor
 * that watches honeypots of one honeynet only is seen whole; of one that honeynets share, a user sees what went to or
 * came from the addresses of their own honeypots.
 */
import type { Inventory } from '@apiary/model/api/inventory.ts';
import { formatBound, parseNetwork } from '@apiary/model/networks.ts';
import { listStretches } from './assignments.ts';
import { dateTime } from './date-time.ts';

export interface VisibleStretch {
  sensor_id: number;
  /** Milliseconds since 1970; to_ms Infinity means "still". */
  from_ms: number;
  to_ms: number;
  /** Addresses to or from which events are seen; null: all of the sensor's. */
  addresses: string[] | null;
}

export interface Visibility {
  /** null: everything. */
  stretches: readonly VisibleStretch[] | null;
  /** Passwords, raw bytes, payloads, recordings. */
  sees_secrets: boolean;
}

export const sees_everything: Visibility = { stretches: null, sees_secrets: true };

/** @param honeynets those that the user may see */
export function visibleStretches(inventory: Inventory, honeynets: readonly number[]): VisibleStretch[] {
  const wanted = new Set(honeynets);
  const memberships = new Map(
    inventory.honeypots.map(({ honeypot_id, honeynets: all }) => [
      honeypot_id,
      all
        .filter(({ honeynet_id }) => wanted.has(honeynet_id))
        .map(({ valid_from_ms, valid_to_ms }) => ({
          from_ms: valid_from_ms,
          to_ms: valid_to_ms ?? Number.POSITIVE_INFINITY,
        })),
    ]),
  );
  const by_sensor = Map.groupBy(listStretches(inventory), ({ sensor_id }) => sensor_id);
  return [...by_sensor].flatMap(([sensor_id, watched]) => {
    const bounds = watched
      .flatMap((one) => [one, ...(memberships.get(one.honeypot_id) ?? [])])
      .flatMap(({ from_ms, to_ms }) => [from_ms, to_ms]);
    const cuts = [...new Set(bounds)].sort((a, b) => a - b);
    const found = cuts.slice(0, -1).flatMap((from_ms, index): VisibleStretch[] => {
      const span = { from_ms, to_ms: cuts[index + 1]! };
      const covers = (one: { from_ms: number; to_ms: number }): boolean =>
        one.from_ms <= span.from_ms && one.to_ms >= span.to_ms;
      const there = watched.filter(covers);
      const own = there.filter(({ honeypot_id }) => (memberships.get(honeypot_id) ?? []).some(covers));
      if (own.length === 0) return [];
      const addresses = own.length === there.length ? null : own.flatMap(({ addresses: list }) => list ?? []);
      return [{ sensor_id, ...span, addresses }];
    });
    return joinTouching(found);
  });
}

/** Stretches of one sensor that see the same and touch are one. */
function joinTouching(stretches: readonly VisibleStretch[]): VisibleStretch[] {
  const joined: VisibleStretch[] = [];
  for (const stretch of stretches) {
    const last = joined.at(-1);
    if (last?.to_ms === stretch.from_ms && String(last.addresses) === String(stretch.addresses))
      last.to_ms = stretch.to_ms;
    else joined.push({ ...stretch });
  }
  return joined;
}

/** Stretches in which all that a sensor saw is seen. */
export const wholeStretches = (stretches: readonly VisibleStretch[]): VisibleStretch[] =>
  stretches.filter(({ addresses }) => addresses === null);

/** @returns a condition that holds in one of the stretches, `false` where there is none */
export function stretchesSql(
  stretches: readonly VisibleStretch[],
  { sensor, from, to }: { sensor: string; from: string; to: string },
): string {
  const each = stretches.map(({ sensor_id, from_ms, to_ms, addresses }) => {
    const parts = [`${sensor} = ${sensor_id}`, `${from} >= ${dateTime(from_ms)}`];
    if (Number.isFinite(to_ms)) parts.push(`${to} < ${dateTime(to_ms)}`);
    if (addresses !== null) {
      const list = addresses.map((one) => `toIPv6('${formatBound(parseNetwork(one)!.first)}')`).join(', ');
      parts.push(list === '' ? 'false' : `(destination_ip IN (${list}) OR source_ip IN (${list}))`);
    }
    return `(${parts.join(' AND ')})`;
  });
  return each.length === 0 ? 'false' : `(${each.join(' OR ')})`;
}

/** The inventory without what a user may not see: its names appear nowhere then. */
export function visibleInventory(
  inventory: Inventory,
  honeynets: readonly number[],
  stretches: readonly VisibleStretch[],
): Inventory {
  const wanted = new Set(honeynets);
  const honeypots = inventory.honeypots
    .filter((one) => one.honeynets.some(({ honeynet_id }) => wanted.has(honeynet_id)))
    .map((one) => ({
      ...one,
      honeynets: one.honeynets.filter(({ honeynet_id }) => wanted.has(honeynet_id)),
    }));
  const known = new Set(honeypots.map(({ honeypot_id }) => honeypot_id));
  const seen = new Set(stretches.map(({ sensor_id }) => sensor_id));
  const sensors = inventory.sensors
    .filter(({ sensor_id }) => seen.has(sensor_id))
    .map((one) => ({ ...one, honeypots: one.honeypots.filter(({ honeypot_id }) => known.has(honeypot_id)) }));
  const carrying = new Set(
    sensors.flatMap(({ collectors }) => collectors.map(({ collector_id }) => collector_id)),
  );
  return {
    ...inventory,
    honeynets: inventory.honeynets.filter(({ honeynet_id }) => wanted.has(honeynet_id)),
    honeypots,
    sensors,
    collectors: inventory.collectors.filter(({ collector_id }) => carrying.has(collector_id)),
  };
}
