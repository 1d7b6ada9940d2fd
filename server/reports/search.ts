/** One box for everything: what a text may be, and where it leads. */

import type { Inventory } from '@apiary/model/api/inventory.ts';
import type { Search } from '@apiary/model/api/sessions.ts';
import { refang } from '@apiary/model/defang.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { normalizeAddress, parseNetwork } from '@apiary/model/networks.ts';
import { storedOf } from './artifacts.ts';
import type { Reader } from './count-by.ts';
import { dateTime } from './date-time.ts';
import { findIncidentId } from './incidents.ts';
import type { View } from './view.ts';

const year_ms = 365 * 86_400_000;

/** Columns that are compared as equal, in the order in which hits are shown. */
const columns = [
  ['session', 'session'],
  ['file_sha256', 'file'],
  ['username', 'username'],
  ['password', 'password'],
  ['command', 'command'],
  ['url', 'url'],
  ['fingerprint', 'fingerprint'],
  ['signature', 'signature'],
] as const;

type Hit = Search['hits'][number];

export async function search(view: View, text: string, now_ms: number): Promise<Search> {
  const query = text.trim();
  for (const form of new Set([query, refang(query), lowerHash(query)])) {
    const hits = await findHits(view, form, now_ms);
    if (hits.length > 0) return { query, hits };
  }
  return { query, hits: [] };
}

async function findHits(view: View, query: string, now_ms: number): Promise<Hit[]> {
  const values = await findValues(view.store, query, now_ms);
  return [
    ...(await findNumber(view, query)),
    ...findAddress(query),
    ...findNames(view.inventory, query),
    ...(values.some(({ kind }) => kind === 'file') ? [] : findFile(view, query)),
    ...values,
  ];
}

/** Programs write hashes in either case; here they are small. */
const lowerHash = (query: string): string =>
  /^(?:[0-9A-F]{32}|[0-9A-F]{40}|[0-9A-F]{64})$/i.test(query) ? query.toLowerCase() : query;

/** `#12` is an incident; a bare number may be one. */
async function findNumber(view: View, query: string): Promise<Hit[]> {
  const number = /^#?(\d{1,9})$/.exec(query)?.[1];
  if (number === undefined) return [];
  try {
    await findIncidentId(view, Number(number));
  } catch (error) {
    if (error instanceof OperationalError && error.code === 'not_found') return [];
    throw error;
  }
  return [
    { kind: 'incident', label: `#${Number(number)}`, events: null, href: `/incidents/${Number(number)}` },
  ];
}

/** One whose bytes are here: terminal recordings and captures are named by no event. */
function findFile(view: View, query: string): Hit[] {
  if (!/^[0-9a-f]{64}$/.test(query) || storedOf(view, query) === null) return [];
  return [{ kind: 'file', label: query, events: null, href: `/files/${query}` }];
}

function findAddress(query: string): Hit[] {
  const range = parseNetwork(query);
  if (range === null) return [];
  const address = normalizeAddress(query);
  if (address !== null) {
    return [
      {
        kind: 'source',
        label: address,
        events: null,
        href: `/sources/${encodeURIComponent(address)}`,
      },
    ];
  }
  return [
    {
      kind: 'network',
      label: query,
      events: null,
      href: `/events?last=365d&attacker_ip=${encodeURIComponent(query)}`,
    },
  ];
}

const names_max = 5;

function findNames(inventory: Inventory, query: string): Hit[] {
  const part = query.toLowerCase();
  const holds = ({ name }: { name: string }): boolean => part !== '' && name.toLowerCase().includes(part);
  const honeypots = inventory.honeypots.filter(holds).slice(0, names_max);
  const sensors = inventory.sensors.filter(holds).slice(0, names_max);
  return [
    ...honeypots.map(
      ({ name, honeypot_id }): Hit => ({
        kind: 'honeypot',
        label: name,
        events: null,
        href: `/events?last=365d&honeypot=${honeypot_id}`,
      }),
    ),
    ...sensors.map(
      ({ name, sensor_id }): Hit => ({
        kind: 'sensor',
        label: name,
        events: null,
        href: `/events?last=365d&sensor=${sensor_id}`,
      }),
    ),
  ];
}

async function findValues(store: Reader, query: string, now_ms: number): Promise<Hit[]> {
  if (query === '') return [];
  const counts = columns.map(([column]) => `countIf(${column} = {query:String}) AS ${column}_events`);
  const [row] = await store.query<Record<string, string>>(
    `SELECT ${counts.join(', ')}, anyIf(sensor_id, session = {query:String}) AS session_sensor
     FROM event WHERE detect_ts >= ${dateTime(Math.max(now_ms - year_ms, 0))} AND (${columns.map(([column]) => `${column} = {query:String}`).join(' OR ')})`,
    { query },
  );
  return columns.flatMap(([column, kind]): Hit[] => {
    const events = Number(row?.[`${column}_events`] ?? 0);
    if (events === 0) return [];
    const value = encodeURIComponent(query);
    const href =
      kind === 'session'
        ? `/sessions/${row?.session_sensor}/${value}`
        : kind === 'file'
          ? `/files/${value}`
          : `/events?last=365d&${column}=${value}`;
    return [{ kind, label: query, events, href }];
  });
}
