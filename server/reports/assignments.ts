/**
 * Which honeypot an event belongs to: found by its sensor, its address inside the honeynet and its time, from
 * the inventory as it is now. Nothing of it is written into events, so that a corrected assignment holds for
 * all of them.
 */
import type { Inventory } from '@apiary/model/api/inventory.ts';
import { addressNumber, showAddress } from '@apiary/model/networks.ts';

export interface WatchedStretch {
  sensor_id: number;
  honeypot_id: number;
  /** Milliseconds since 1970; to_ms Infinity means "still". */
  from_ms: number;
  to_ms: number;
  /** The honeypot's addresses in this stretch, where the sensor watches others beside it; null: all is its. */
  addresses: string[] | null;
}

interface Span {
  from_ms: number;
  to_ms: number;
}
const spanOf = (stretch: { valid_from_ms: number; valid_to_ms: number | null }): Span => ({
  from_ms: stretch.valid_from_ms,
  to_ms: stretch.valid_to_ms ?? Number.POSITIVE_INFINITY,
});
const meet = (a: Span, b: Span): Span => ({
  from_ms: Math.max(a.from_ms, b.from_ms),
  to_ms: Math.min(a.to_ms, b.to_ms),
});
const isEmpty = (span: Span): boolean => span.to_ms <= span.from_ms;

/** All stretches, cut where anything about a sensor changes, so that within one its addresses are the same. */
export function listStretches(inventory: Inventory): WatchedStretch[] {
  const honeypots = new Map(inventory.honeypots.map((honeypot) => [honeypot.honeypot_id, honeypot]));
  return inventory.sensors.flatMap((sensor) => {
    const cuts = new Set<number>();
    for (const { honeypot_id, ...stretch } of sensor.honeypots) {
      for (const one of [stretch, ...(honeypots.get(honeypot_id)?.addresses ?? [])]) {
        cuts.add(one.valid_from_ms);
        cuts.add(one.valid_to_ms ?? Number.POSITIVE_INFINITY);
      }
    }
    const bounds = [...cuts].sort((a, b) => a - b);
    return bounds.slice(0, -1).flatMap((from_ms, index) => {
      const span = { from_ms, to_ms: bounds[index + 1]! };
      const holding = sensor.honeypots.filter((one) => !isEmpty(meet(span, spanOf(one))));
      return holding.map(({ honeypot_id }) => ({
        sensor_id: sensor.sensor_id,
        honeypot_id,
        ...span,
        addresses:
          holding.length === 1
            ? null
            : (honeypots.get(honeypot_id)?.addresses ?? [])
                .filter((address) => !isEmpty(meet(span, spanOf(address))))
                .map(({ address }) => address),
      }));
    });
  });
}

/** The stretches of some honeypots, and of the members of some honeynets while they were members. */
export function selectStretches(
  inventory: Inventory,
  wanted: { honeypots: number[]; honeynets: number[] },
): WatchedStretch[] {
  return listStretches(inventory).flatMap((stretch) => {
    const own = wanted.honeypots.includes(stretch.honeypot_id) ? [stretch] : [];
    const honeypot = inventory.honeypots.find((one) => one.honeypot_id === stretch.honeypot_id);
    const through = (honeypot?.honeynets ?? [])
      .filter((membership) => wanted.honeynets.includes(membership.honeynet_id))
      .map((membership) => ({ ...stretch, ...meet(stretch, spanOf(membership)) }))
      .filter((one) => !isEmpty(one));
    return [...own, ...through];
  });
}

/** @returns null where no honeypot was assigned to the sensor then, or none has the address */
export function findHoneypot(
  stretches: readonly WatchedStretch[],
  event: { sensor_id: number; detect_ms: number; addresses: readonly string[] },
): number | null {
  const found = stretches.find(
    (stretch) =>
      stretch.sensor_id === event.sensor_id &&
      stretch.from_ms <= event.detect_ms &&
      event.detect_ms < stretch.to_ms &&
      (stretch.addresses === null ||
        stretch.addresses.some((address) =>
          event.addresses.some((one) => addressNumber(one) === addressNumber(showAddress(address))),
        )),
  );
  return found?.honeypot_id ?? null;
}
