/** Rows of the event table as the API gives them. */
import type { ApiEvent } from '@apiary/model/api/events.ts';
import type { Inventory } from '@apiary/model/api/inventory.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { event_columns } from '@apiary/model/event.ts';
import { addressNumber, parseNetwork, showAddress } from '@apiary/model/networks.ts';
import { findHoneypot, listStretches } from './assignments.ts';

export const event_column_list = event_columns.map(({ name }) => name).join(', ');

/** The engine's `2026-01-02 03:04:05.000006` as ISO 8601. */
export const showTime = (text: string): string => `${text.replace(' ', 'T')}Z`;

/** Microseconds since 1970 of an ISO 8601 time of the API; Date keeps milliseconds only. */
export function timeMicroseconds(iso: string): bigint {
  const [, whole = iso, fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(iso) ?? [];
  return BigInt(Date.parse(`${whole}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}

/** An event by its time and number, so that it is found without a search. */
export interface EventKey {
  detect_us: bigint;
  event_id: bigint;
}

export const formatKey = ({ detect_us, event_id }: EventKey): string => `${detect_us}-${event_id}`;

/** @throws OperationalError input_invalid */
export function parseKey(text: string, field: string): EventKey {
  const match = /^(\d{1,18})-(\d{1,20})$/.exec(text);
  const event_id = BigInt(match?.[2] ?? -1);
  if (match === null || event_id > 0xffffffffffffffffn)
    throw new OperationalError('input_invalid', `${field}: ${JSON.stringify(text)} is no key of an event`, {
      field,
      value: text,
    });
  return { detect_us: BigInt(match[1]!), event_id };
}

/** What is added to events from the inventory as it is now. */
export interface EventContext {
  stretches: ReturnType<typeof listStretches>;
  known: { first: bigint; last: bigint; kind: 'gateway' | 'own_scanner'; name: string }[];
}

export function makeContext(inventory: Inventory): EventContext {
  return {
    stretches: listStretches(inventory),
    known: inventory.known_sources
      .map(({ network, kind, name }) => ({ ...parseNetwork(network)!, kind, name }))
      // The narrowest network that holds an address names it.
      .sort((a, b) => (a.last - a.first < b.last - b.first ? -1 : 1)),
  };
}

export type EventRow = Omit<ApiEvent, 'key' | 'honeypot_id' | 'known'>;

export function showEvent(row: EventRow, context: EventContext): ApiEvent {
  const detect_ts = showTime(row.detect_ts);
  const attacker = addressNumber(showAddress(row.attacker_ip));
  const known = context.known.find(
    ({ first, last }) => attacker !== null && first <= attacker && attacker <= last,
  );
  const event = {
    ...row,
    detect_ts,
    collect_ts: showTime(row.collect_ts),
    attacker_ip: showAddress(row.attacker_ip),
    source_ip: showAddress(row.source_ip),
    destination_ip: showAddress(row.destination_ip),
  };
  return {
    ...event,
    key: formatKey({ detect_us: timeMicroseconds(detect_ts), event_id: BigInt(row.event_id) }),
    honeypot_id: findHoneypot(context.stretches, {
      sensor_id: event.sensor_id,
      detect_ms: Date.parse(detect_ts),
      addresses: [event.destination_ip, event.source_ip],
    }),
    known: known === undefined ? null : { kind: known.kind, name: known.name },
  };
}
