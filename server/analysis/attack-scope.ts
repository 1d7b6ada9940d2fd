/** What the inventory says about who a source is: honeynets of private addresses, and known gateways. */

import { formatBound, parseNetwork } from '@apiary/model/networks.ts';
import type { StateDatabase } from '../state/database.ts';
import { describeInventory } from '../state/inventory-list.ts';
import type { AttackScope } from './attack-sql.ts';

const holds = (stretch: { valid_from_ms: number; valid_to_ms: number | null }, now_ms: number): boolean =>
  stretch.valid_from_ms <= now_ms && (stretch.valid_to_ms === null || now_ms < stretch.valid_to_ms);

export function readAttackScope(state: StateDatabase, pause_seconds: number, now_ms: number): AttackScope {
  const { honeynets, honeypots, sensors, known_sources, events_kept_from_ms } = describeInventory(state);
  return {
    pause_seconds,
    kept_from_us: (events_kept_from_ms ?? 0) * 1000,
    nets: honeynets.map(({ honeynet_id }) => {
      const members = new Set(
        honeypots
          .filter((honeypot) =>
            honeypot.honeynets.some((one) => one.honeynet_id === honeynet_id && holds(one, now_ms)),
          )
          .map(({ honeypot_id }) => honeypot_id),
      );
      const its = sensors.filter((sensor) =>
        sensor.honeypots.some((one) => members.has(one.honeypot_id) && holds(one, now_ms)),
      );
      return { honeynet_id, sensors: its.map(({ sensor_id }) => sensor_id) };
    }),
    honeypots: honeypots.map(({ honeypot_id }) => ({
      honeypot_id,
      sensors: sensors
        .filter((sensor) =>
          sensor.honeypots.some((one) => one.honeypot_id === honeypot_id && holds(one, now_ms)),
        )
        .map(({ sensor_id }) => sensor_id),
    })),
    gateways: known_sources
      .filter(({ kind }) => kind === 'gateway')
      .map(({ network }) => {
        const { first, last } = parseNetwork(network)!;
        return { first: formatBound(first), last: formatBound(last) };
      }),
  };
}
