/** Names of what the API numbers, and of countries. */
import type { Inventory } from '@apiary/model/api/inventory.ts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { inventory_query } from '../api.ts';

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** @param code ISO 3166-1 alpha-2 */
export function countryName(code: string): string {
  if (code === '') return 'unknown';
  try {
    return regions.of(code) ?? code;
  } catch {
    return code;
  }
}

const empty: Inventory = {
  honeynets: [],
  honeypots: [],
  sensors: [],
  collectors: [],
  known_sources: [],
  events_kept_from_ms: null,
  records_kept_from_ms: null,
};

export interface Names {
  inventory: Inventory;
  sensor(id: number): string;
  honeypot(id: number | null): string;
  honeynet(id: number): string;
}

export function useNames(): Names {
  const { data } = useQuery(inventory_query);
  return useMemo(() => {
    const inventory = data ?? empty;
    const sensors = new Map(inventory.sensors.map(({ sensor_id, name }) => [sensor_id, name]));
    const honeypots = new Map(inventory.honeypots.map(({ honeypot_id, name }) => [honeypot_id, name]));
    const honeynets = new Map(inventory.honeynets.map(({ honeynet_id, name }) => [honeynet_id, name]));
    return {
      inventory,
      sensor: (id) => sensors.get(id) ?? (id === 0 ? 'all sensors' : `sensor ${id}`),
      honeynet: (id) => honeynets.get(id) ?? `honeynet ${id}`,
      honeypot: (id) => (id === null ? '' : (honeypots.get(id) ?? `honeypot ${id}`)),
    };
  }, [data]);
}
