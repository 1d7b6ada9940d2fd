/** The profile of a source: what it did, where and when, with what, and who does the like. */
import type { Inventory } from '@apiary/model/api/inventory.ts';
import type { Counted } from '@apiary/model/api/overview.ts';
import { type Source, type SourceList, source_lists } from '@apiary/model/api/sessions.ts';
import { addressNumber, parseNetwork, showAddress } from '@apiary/model/networks.ts';
import type { Reader } from './count-by.ts';
import { showTime } from './event-row.ts';
import { rawConditions, type Scope, showPeriod } from './scope.ts';

const list_rows_max = 50;
const alike_max = 20;
/** What more sources than this use says nothing of any two of them. */
const sharing_sources_max = 100;

const columns: Record<SourceList, string> = {
  services: 'service',
  actions: 'toString(action)',
  usernames: 'username',
  passwords: 'password',
  commands: 'command',
  urls: 'url',
  files: 'file_sha256',
  fingerprints: 'fingerprint',
  user_agents: 'user_agent',
  signatures: 'signature',
};

/** What two sources may share, each with the column that a search finds it by. */
const shared_kinds = ['command', 'url', 'file_sha256', 'fingerprint', 'password'] as const;

interface Head {
  events: string;
  sessions: string;
  country: string;
  asn: number;
  as_name: string;
  first: string;
  last: string;
}

/** @param scope its conditions name the one address */
export async function readSource(
  store: Reader,
  inventory: Inventory,
  scope: Scope,
  address: string,
): Promise<Source> {
  const where = rawConditions(scope);
  const [[head], sensors, days, lists, alike] = await Promise.all([
    store.query<Head>(
      `SELECT count() AS events, uniqExactIf((sensor_id, session), session != '') AS sessions,
         argMax(attacker_country, collect_ts) AS country, argMax(attacker_asn, collect_ts) AS asn,
         dictGetOrDefault('geo_as', 'name', any(attacker_ip), '') AS as_name, min(detect_ts) AS first, max(detect_ts) AS last
       FROM event WHERE ${where}`,
      scope.params,
    ),
    store.query<{ sensor_id: number; events: string; first: string; last: string }>(
      `SELECT sensor_id, count() AS events, min(detect_ts) AS first, max(detect_ts) AS last FROM event WHERE ${where} GROUP BY sensor_id ORDER BY events DESC, sensor_id`,
      scope.params,
    ),
    store.query<{ day: string; events: string }>(
      `SELECT toDate(detect_ts) AS day, count() AS events FROM event WHERE ${where} GROUP BY day ORDER BY day LIMIT 4000`,
      scope.params,
    ),
    readLists(store, scope, where),
    findAlike(store, scope, where, address),
  ]);
  const number = addressNumber(address);
  const known = inventory.known_sources.find(({ network }) => {
    const range = parseNetwork(network)!;
    return number !== null && range.first <= number && number <= range.last;
  });
  const events = Number(head?.events ?? 0);
  return {
    address,
    period: showPeriod(scope),
    events,
    sessions: Number(head?.sessions ?? 0),
    country: head?.country ?? '',
    asn: head?.asn ?? 0,
    as_name: head?.as_name ?? '',
    first: events === 0 ? null : showTime(head!.first),
    last: events === 0 ? null : showTime(head!.last),
    known: known === undefined ? null : { kind: known.kind, name: known.name },
    sensors: sensors.map((row) => ({
      sensor_id: row.sensor_id,
      events: Number(row.events),
      first: showTime(row.first),
      last: showTime(row.last),
    })),
    days: days.map(({ day, events: count }) => [day, Number(count)]),
    top: lists,
    alike,
  };
}

/** All lists from one reading of the source's events. */
async function readLists(store: Reader, scope: Scope, where: string): Promise<Source['top']> {
  const rows = await store.query<{ list: string; value: string; events: string }>(
    `SELECT pair.1 AS list, pair.2 AS value, count() AS events
     FROM event ARRAY JOIN [${source_lists.map((list) => `('${list}', toString(${columns[list]}))`).join(', ')}] AS pair
     WHERE ${where} AND pair.2 != ''
     GROUP BY list, value ORDER BY list, events DESC, value LIMIT ${list_rows_max} BY list`,
    scope.params,
  );
  const top = Object.fromEntries(source_lists.map((list) => [list, [] as Counted[]])) as Source['top'];
  for (const { list, value, events } of rows) top[list as SourceList].push({ value, events: Number(events) });
  return top;
}

/** Sources that used the same rare things: each weighs the more, the fewer used it. */
async function findAlike(store: Reader, scope: Scope, where: string, self: string): Promise<Source['alike']> {
  const pairs = `[${shared_kinds.map((kind) => `('${kind}', ${kind})`).join(', ')}]`;
  const mine = await store.query<{ kind: string; value: string }>(
    `SELECT pair.1 AS kind, pair.2 AS value FROM event ARRAY JOIN ${pairs} AS pair WHERE ${where} AND pair.2 != '' GROUP BY kind, value ORDER BY count() DESC, kind, value LIMIT 500`,
    scope.params,
  );
  if (mine.length === 0) return [];
  const params: Record<string, unknown> = {};
  const any = shared_kinds
    .map((kind) => {
      const values = mine.filter((one) => one.kind === kind).map(({ value }) => value);
      if (values.length === 0) return null;
      const names = values.map((value, index) => {
        params[`${kind}${index}`] = value;
        return `{${kind}${index}:String}`;
      });
      return { kind, sql: `${kind} IN (${names.join(', ')})` };
    })
    .filter((one) => one !== null);
  const period = rawConditions({ ...scope, conditions: [] });
  const rows = await store.query<{ kind: string; value: string; sources: [string, string][] }>(
    `SELECT pair.1 AS kind, pair.2 AS value, groupUniqArray(${sharing_sources_max + 1})((attacker_ip, toString(attacker_country))) AS sources
     FROM event ARRAY JOIN [${any.map(({ kind, sql }) => `('${kind}', if(${sql}, ${kind}, ''))`).join(', ')}] AS pair
     WHERE ${period} AND attacker_ip != toIPv6('::') AND (${any.map(({ sql }) => sql).join(' OR ')}) AND pair.2 != ''
     GROUP BY kind, value HAVING length(sources) BETWEEN 2 AND ${sharing_sources_max}`,
    params,
  );
  return rankAlike(rows, addressNumber(self));
}

function rankAlike(
  rows: readonly { kind: string; value: string; sources: [string, string][] }[],
  self: bigint | null,
): Source['alike'] {
  const found = new Map<string, Source['alike'][number]>();
  for (const { kind, value, sources } of rows) {
    for (const [raw, country] of sources) {
      const address = showAddress(raw);
      if (addressNumber(address) === self) continue;
      const one = found.get(address) ?? { address, country, score: 0, shared: [] };
      one.score += 1 / sources.length;
      one.shared.push({ kind, value, sources: sources.length });
      found.set(address, one);
    }
  }
  return [...found.values()]
    .map((one) => ({
      ...one,
      score: Math.round(one.score * 1000) / 1000,
      shared: one.shared.sort((a, b) => a.sources - b.sources || (a.value < b.value ? -1 : 1)).slice(0, 10),
    }))
    .sort((a, b) => b.score - a.score || (a.address < b.address ? -1 : 1))
    .slice(0, alike_max);
}
