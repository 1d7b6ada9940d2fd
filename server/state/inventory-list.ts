/** The inventory as one answer: everything that stands somewhere, with all stretches, past ones too. */
import type { Honeynet, Honeypot, Inventory, KnownSource, Sensor } from '@apiary/model/api/inventory.ts';
import type { StateDatabase } from './database.ts';
import { readKeptFrom } from './retention.ts';

export function listKnownSources(state: StateDatabase): KnownSource[] {
  return state.all<KnownSource>('SELECT network, kind, name, since_ms FROM known_source ORDER BY network');
}

function groupById<T extends object>(rows: T[], key: keyof T): Map<unknown, Omit<T, typeof key>[]> {
  const groups = new Map<unknown, Omit<T, typeof key>[]>();
  for (const row of rows) {
    const { [key]: id, ...rest } = row;
    groups.set(id, [...(groups.get(id) ?? []), rest]);
  }
  return groups;
}

/** Everything, with all stretches, past ones too. */
export function describeInventory(state: StateDatabase): Inventory {
  type Address = Honeypot['addresses'][number] & { honeypot_id: number };
  type Service = Honeypot['services'][number] & { honeypot_id: number };
  type Membership = Honeypot['honeynets'][number] & { honeypot_id: number };
  type OnHoneypot = Sensor['honeypots'][number] & { sensor_id: number };
  type OnCollector = Sensor['collectors'][number] & { sensor_id: number };
  const addresses = groupById(
    state.all<Address>(
      'SELECT honeypot_id, address, side, valid_from_ms, valid_to_ms FROM honeypot_address ORDER BY valid_from_ms',
    ),
    'honeypot_id',
  );
  const services = groupById(
    state.all<Service>(
      'SELECT honeypot_id, service, transport, port, vulnerability FROM honeypot_service ORDER BY port, service',
    ),
    'honeypot_id',
  );
  const memberships = groupById(
    state.all<Membership>(
      'SELECT honeypot_id, honeynet_id, valid_from_ms, valid_to_ms FROM honeypot_honeynet ORDER BY valid_from_ms',
    ),
    'honeypot_id',
  );
  const on_honeypots = groupById(
    state.all<OnHoneypot>(
      'SELECT sensor_id, honeypot_id, valid_from_ms, valid_to_ms FROM sensor_honeypot ORDER BY valid_from_ms',
    ),
    'sensor_id',
  );
  const on_collectors = groupById(
    state.all<OnCollector>(
      'SELECT sensor_id, collector_id, valid_from_ms, valid_to_ms FROM sensor_collector ORDER BY valid_from_ms',
    ),
    'sensor_id',
  );
  const kept_from = readKeptFrom(state);
  return {
    honeynets: state.all<Honeynet>(
      'SELECT honeynet_id, name, owners, description FROM honeynet ORDER BY name',
    ),
    honeypots: state
      .all<Honeypot>(
        'SELECT honeypot_id, name, interaction, role, location, latitude, longitude, description, retired_ms FROM honeypot ORDER BY name',
      )
      .map((honeypot) => ({
        ...honeypot,
        addresses: (addresses.get(honeypot.honeypot_id) ?? []) as Honeypot['addresses'],
        services: (services.get(honeypot.honeypot_id) ?? []) as Honeypot['services'],
        honeynets: (memberships.get(honeypot.honeypot_id) ?? []) as Honeypot['honeynets'],
      })),
    sensors: state
      .all<Sensor>(
        'SELECT sensor_id, name, type, description, created_ms, retired_ms FROM sensor ORDER BY name',
      )
      .map((sensor) => ({
        ...sensor,
        honeypots: (on_honeypots.get(sensor.sensor_id) ?? []) as Sensor['honeypots'],
        collectors: (on_collectors.get(sensor.sensor_id) ?? []) as Sensor['collectors'],
      })),
    collectors: state.all<Inventory['collectors'][number]>(
      'SELECT collector_id, name, lives_in, created_ms, revoked_ms FROM collector ORDER BY name',
    ),
    known_sources: listKnownSources(state),
    events_kept_from_ms: kept_from.events ?? null,
    records_kept_from_ms: kept_from.records ?? null,
  };
}
