/** The columns that a filter can name, as people read them. */
import type { ContainsColumn, EqualColumn } from '@apiary/model/filter-columns.ts';
import type { Search } from '../search.ts';

export const column_titles: Record<EqualColumn, string> = {
  action: 'Action',
  target_kind: 'Kind of target',
  target: 'Target',
  outcome: 'Outcome',
  attacker_ip: 'Attacker address',
  attacker_country: 'Country',
  attacker_asn: 'AS number',
  source_ip: 'Source address',
  source_port: 'Source port',
  destination_ip: 'Destination address',
  destination_port: 'Destination port',
  direction: 'Direction',
  vantage: 'Vantage',
  service: 'Service',
  transport: 'Transport',
  session: 'Session',
  username: 'Username',
  password: 'Password',
  command: 'Command',
  url: 'URL',
  file_sha256: 'File SHA-256',
  fingerprint: 'Fingerprint',
  user_agent: 'Client',
  signature: 'Signature',
  sensor_type: 'Sensor type',
  detect_basis: 'Basis of the time',
  segment_id: 'Segment',
};

const contains: Record<ContainsColumn, true> = {
  target: true,
  username: true,
  password: true,
  command: true,
  url: true,
  user_agent: true,
  signature: true,
};
export const containsColumns = Object.keys(contains) as ContainsColumn[];

/** A longer value would make an address that servers refuse: then what contains its beginning is asked for. */
const equal_characters_max = 1000;
const beginning_characters = 200;

/** The filter that finds a value's events; null where no filter can. */
export function filterFor(column: EqualColumn, value: string): Search | null {
  if (value.length <= equal_characters_max) return { [column]: value };
  if (!(containsColumns as string[]).includes(column)) return null;
  const beginning = [...value.slice(0, 2 * beginning_characters)].slice(0, beginning_characters).join('');
  return { [`${column}_contains`]: beginning };
}

/** The name of a filter word: a column, `COLUMN_contains`, `extra` or `known`. */
export function filterTitle(name: string): string {
  if (name === 'known') return 'Known sources';
  if (name === 'extra') return 'Extra';
  const part = name.endsWith('_contains') ? name.slice(0, -'_contains'.length) : null;
  const title = column_titles[(part ?? name) as EqualColumn] ?? name;
  return part === null ? title : `${title} contains`;
}
