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

/** Lists whose columns lie together by source in the event table (its projection `by_source`), and the others. */
const near_lists = [
  'services',
  'actions',
  'usernames',
  'passwords',
  'commands',
] as const satisfies SourceList[];
const far_lists = source_lists.filter((list) => !(near_lists as readonly SourceList[]).includes(list));

/** What two sources may share beside commands and passwords: the list that has it, and its column. */
const shared_far: [SourceList, string][] = [
  ['urls', 'url'],
  ['files', 'file_sha256'],
  ['fingerprints', 'fingerprint'],
];
/** Of each kind the most frequent are compared. */
const shared_max = 500;

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
  const far_rows = readLists(store, scope, where, far_lists, shared_max);
  const [[head], sensors, days, near, far, shared, passwords] = await Promise.all([
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
    readLists(store, scope, where, near_lists, list_rows_max),
    far_rows,
    far_rows.then((rows) => findShared(store, scope, where, rows)),
    findSharedPasswords(store, scope, where),
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
    top: showLists([...near, ...far]),
    alike: rankAlike([...shared, ...passwords], addressNumber(address)),
  };
}

interface ListRow {
  list: string;
  value: string;
  hash: string;
  events: string;
}

/** Lists from one reading of the source's events. */
function readLists(
  store: Reader,
  scope: Scope,
  where: string,
  lists: readonly SourceList[],
  rows_max: number,
): Promise<ListRow[]> {
  return store.query<ListRow>(
    `SELECT pair.1 AS list, pair.2 AS value, cityHash64(value) AS hash, count() AS events
     FROM event ARRAY JOIN [${lists.map((list) => `('${list}', toString(${columns[list]}))`).join(', ')}] AS pair
     WHERE ${where} AND pair.2 != ''
     GROUP BY list, value ORDER BY list, events DESC, value LIMIT ${rows_max} BY list`,
    scope.params,
  );
}

function showLists(rows: readonly ListRow[]): Source['top'] {
  const top = Object.fromEntries(source_lists.map((list) => [list, [] as Counted[]])) as Source['top'];
  for (const { list, value, events } of rows) {
    const shown = top[list as SourceList];
    if (shown.length < list_rows_max) shown.push({ value, events: Number(events) });
  }
  return top;
}

interface SharedRow {
  kind: string;
  value: string;
  sources: [string, string][];
}

const sharing_sql = `groupUniqArray(${sharing_sources_max + 1})((attacker_ip, toString(attacker_country))) AS sources`;
const few_sql = `HAVING length(sources) BETWEEN 2 AND ${sharing_sources_max}`;

/**
 * Sources that used the same rare things: each weighs the more, the fewer used it. Values are compared by their hashes:
 * five hundred commands would be more than a request to the engine can hold.
 * @param far what the source used, by list
 */
async function findShared(
  store: Reader,
  scope: Scope,
  where: string,
  far: readonly ListRow[],
): Promise<SharedRow[]> {
  const commands = await store.query<{ hash: string }>(
    `SELECT cityHash64(command) AS hash FROM event WHERE ${where} AND command != '' GROUP BY hash ORDER BY count() DESC, hash LIMIT ${shared_max}`,
    scope.params,
  );
  const any = [
    { kind: 'command', hashes: commands.map(({ hash }) => hash) },
    ...shared_far.map(([list, kind]) => ({
      kind,
      hashes: far.filter((row) => row.list === list).map(({ hash }) => hash),
    })),
  ].flatMap(({ kind, hashes }) =>
    hashes.length === 0 ? [] : [{ kind, sql: `cityHash64(${kind}) IN (${hashes.map(BigInt).join(', ')})` }],
  );
  if (any.length === 0) return [];
  return store.query<SharedRow>(
    `SELECT pair.1 AS kind, pair.2 AS value, ${sharing_sql}
     FROM event ARRAY JOIN [${any.map(({ kind, sql }) => `('${kind}', if(${sql}, ${kind}, ''))`).join(', ')}] AS pair
     WHERE ${rawConditions({ ...scope, conditions: [] })} AND attacker_ip != toIPv6('::') AND (${any.map(({ sql }) => sql).join(' OR ')}) AND pair.2 != ''
     GROUP BY kind, value ${few_sql}`,
  );
}

/** … of passwords: the event table has a copy in which one password's events lie together. */
function findSharedPasswords(store: Reader, scope: Scope, where: string): Promise<SharedRow[]> {
  return store.query<SharedRow>(
    `SELECT 'password' AS kind, password AS value, ${sharing_sql}
     FROM event
     WHERE ${rawConditions({ ...scope, conditions: [] })} AND attacker_ip != toIPv6('::') AND password GLOBAL IN (
       SELECT password FROM event WHERE ${where} AND password != '' GROUP BY password ORDER BY count() DESC, password LIMIT ${shared_max}
     )
     GROUP BY value ${few_sql}`,
    scope.params,
  );
}

function rankAlike(rows: readonly SharedRow[], self: bigint | null): Source['alike'] {
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
