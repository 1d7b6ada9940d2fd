/** Registers the demonstration's honeynet, honeypots and sensors, as a person would on the Inventory page. */
import type { ApiaryServer } from '@apiary/server/server.ts';
import {
  addAddress,
  assignHoneypot,
  joinHoneynet,
  setHoneynet,
  setHoneypot,
} from '@apiary/server/state/inventory.ts';
import { honeynet, honeypots } from './honeypots.ts';

const actor = 'demonstration';
/** The recordings are of one morning; everything holds since long before. */
const since_ms = Date.UTC(2026, 0, 1);

export function registerInventory({ state }: ApiaryServer): void {
  const honeynet_id = setHoneynet(state, actor, null, {
    name: honeynet,
    owners: '',
    description: 'Recordings of three honeypots, replayed.',
  });
  for (const honeypot of honeypots) {
    const { name, interaction, location, latitude, longitude, address, services, sensor } = honeypot;
    const honeypot_id = setHoneypot(state, actor, null, {
      name,
      interaction,
      role: 'server',
      location,
      latitude,
      longitude,
      description: '',
      retired: false,
      services: services.map(({ service, port }) => ({
        service,
        port,
        transport: 'tcp' as const,
        vulnerability: '',
      })),
    });
    addAddress(state, actor, honeypot_id, { address, side: 'public', from_ms: since_ms });
    joinHoneynet(state, actor, honeypot_id, honeynet_id, since_ms);
    const { sensor_id } = state.get<{ sensor_id: number }>(
      'SELECT sensor_id FROM sensor WHERE name = ?',
      sensor,
    ) as { sensor_id: number };
    assignHoneypot(state, actor, sensor_id, { honeypot_id, from_ms: since_ms, beside: false });
  }
}
