/**
 * Events to attacks, in SQL. All is a function of the set of events:
 *
 * - A *source* is an address; of IPv6 its /64; a private address together with the honeynet of its sensor, or with its
 *   honeypot where that belongs to none.
 * - A *visit* is all that a source did without a pause longer than `pause`, on any sensor. Visits are independent of each
 *   other, so that a late event changes its own visit only (or joins two), in whatever order events come.
 * - Within a visit a session's service and fingerprint hold for all of its events: sensors often name them once.
 * - An *attack* is what the visit did against one service and, where a sensor named one, one CVE, again without a longer
 *   pause. Where sessions of it show different fingerprints, there are several machines behind one address, and it is
 *   split by fingerprint; sessions without one stay together.
 *
 * An event without an address is its attacker's where the table `attribution` says whose it was. Those of nobody, and
 * those from known gateways, make no attack here.
 */

import { showMicroseconds } from './attack-row.ts';
import { isInner } from './inner-addresses.ts';

export interface AttackScope {
  /** A pause that ends an attack, in seconds. */
  pause_seconds: number;
  /** Sensors of each honeynet, for private addresses. */
  nets: readonly { honeynet_id: number; sensors: readonly number[] }[];
  /** Sensors of each honeypot: those that see the same machine. */
  honeypots: readonly { honeypot_id?: number; sensors: readonly number[] }[];
  /** Ranges of known gateways, as the engine writes addresses. */
  gateways: readonly { first: string; last: string }[];
  /**
   * Of events detected before it some have expired: what was found of them stays as it is. Visits that had begun before
   * it are frozen with all of their attacks; what their sources do after a visit's last event begins a new one.
   */
  kept_from_us: number;
}

const mapped = (v4: string): string => `toIPv6('::ffff:${v4}')`;
const between = (column: string, first: string, last: string): string =>
  `(${column} >= ${first} AND ${column} <= ${last})`;

const private_ranges: readonly [first: string, last: string][] = [
  [mapped('10.0.0.0'), mapped('10.255.255.255')],
  [mapped('172.16.0.0'), mapped('172.31.255.255')],
  [mapped('192.168.0.0'), mapped('192.168.255.255')],
  [mapped('127.0.0.0'), mapped('127.255.255.255')],
  [mapped('169.254.0.0'), mapped('169.254.255.255')],
  [mapped('100.64.0.0'), mapped('100.127.255.255')],
  ["toIPv6('::1')", "toIPv6('::1')"],
  ["toIPv6('fc00::')", "toIPv6('fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')"],
  ["toIPv6('fe80::')", "toIPv6('febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff')"],
];

/** The same of a source as attacks have it; of ::1 the /64 is left. */
const isPrivate = (source: string): boolean =>
  source.startsWith('::ffff:')
    ? isInner(source.slice('::ffff:'.length))
    : /^(?:f[cd]|fe[89ab]|::$)/.test(source);

/** The source of an event, over its `attacker_ip`. */
export const source_sql = `if(${between('attacker_ip', mapped('0.0.0.0'), mapped('255.255.255.255'))}, attacker_ip, tupleElement(IPv6CIDRToRange(attacker_ip, 64), 1))`;

/** Numbers of honeypots outside of every honeynet, among those of honeynets. */
const honeypots_from = 2 ** 31;

/** The place of each sensor within which a private address is one source; what is not in it has none. */
function placesOf({ nets, honeypots }: Pick<AttackScope, 'nets' | 'honeypots'>): Map<number, number> {
  const net_of = new Map(
    honeypots.flatMap(({ honeypot_id, sensors }) =>
      honeypot_id === undefined ? [] : sensors.map((sensor_id) => [sensor_id, honeypots_from + honeypot_id]),
    ),
  );
  for (const net of nets.toReversed())
    for (const sensor_id of net.sensors) net_of.set(sensor_id, net.honeynet_id);
  return net_of;
}

/** @returns whether an attack of a private source would be another's by where its sensors stand now */
export function placeChecker(
  scope: AttackScope,
): (attack: { source: string; net: number; sensors: readonly number[] }) => boolean {
  const net_of = placesOf(scope);
  return ({ source, net, sensors }) =>
    isPrivate(source) && sensors.some((sensor_id) => (net_of.get(sensor_id) ?? 0) !== net);
}

/**
 * Where a private address is one source: inside a honeynet, or on a honeypot that belongs to none; 0 for a sensor of
 * which nothing is known, and for all other addresses.
 */
export function netSql(scope: AttackScope): string {
  const net_of = placesOf(scope);
  if (net_of.size === 0) return 'toUInt32(0)';
  const [sensors, numbers] = [[...net_of.keys()], [...net_of.values()]];
  const is_private = private_ranges.map(([first, last]) => between('attacker_ip', first, last)).join(' OR ');
  return `if(${is_private}, transform(sensor_id, [${sensors.join(', ')}], [${numbers.join(', ')}], toUInt32(0)), toUInt32(0))`;
}

/** Which events are read: whole visits only. */
export interface EventChoice {
  /** Conditions over the events. */
  where: string;
  /** Only the sources and times of the table `analysis_window`. */
  windows?: boolean;
  /** With the events that were attributed to an address. */
  attributed: boolean;
  /** Segments whose events have not been analysed; absent: all. */
  fresh?: readonly string[];
  /** Instead of all of these: what `stageSql` put into this bucket. */
  bucket?: number;
}

/** Visits that are gone through anew; filled for each pass. */
export const window_table = 'analysis_window';
export const window_statement = `CREATE TABLE IF NOT EXISTS ${window_table} (source IPv6, net UInt32, from_ts DateTime64(6, 'UTC'), to_ts DateTime64(6, 'UTC')) ENGINE = Memory`;

/** Visits that are frozen and end after the cut; filled before each pass. */
export const frozen_table = 'analysis_frozen';
export const frozen_statement = `CREATE TABLE IF NOT EXISTS ${frozen_table} (source IPv6, net UInt32, to_ts DateTime64(6, 'UTC')) ENGINE = Memory`;

/** Whether an event comes from a known gateway; 0 or 1. */
export const gatewaySql = ({ gateways }: Pick<AttackScope, 'gateways'>): string =>
  gateways.length === 0
    ? '0'
    : `(${gateways.map(({ first, last }) => between('attacker_ip', `toIPv6('${first}')`, `toIPv6('${last}')`)).join(' OR ')})`;

/** Events that can make an attack. */
export function attributableSql({ gateways, kept_from_us }: AttackScope): string {
  const known = gateways.length === 0 ? '' : ` AND NOT ${gatewaySql({ gateways })}`;
  const kept =
    kept_from_us === 0 ? '' : ` AND detect_ts >= toDateTime64('${showMicroseconds(kept_from_us)}', 6, 'UTC')`;
  return `attacker_ip != toIPv6('::')${kept}${known}`;
}

/** Events with an address of their own, and those that got one. */
export function eventsSql(attributed: boolean): string {
  if (!attributed) return 'event';
  return `(SELECT * FROM event WHERE attacker_ip != toIPv6('::') UNION ALL
    SELECT e.* REPLACE (a.attacker_ip AS attacker_ip, a.attacker_country AS attacker_country, a.attacker_asn AS attacker_asn)
    FROM (SELECT * FROM event WHERE attacker_ip = toIPv6('::')) AS e
    GLOBAL INNER JOIN (SELECT * FROM attribution FINAL WHERE attacker_ip != toIPv6('::')) AS a ON e.event_id = a.event_id)`;
}

function chosenSql(scope: AttackScope, choice: EventChoice): string {
  const { where, windows = false, attributed, fresh, bucket } = choice;
  if (bucket !== undefined) return `SELECT * FROM ${staged_table} WHERE bucket = ${bucket}`;
  const columns = `event_id, sensor_id, detect_ts, ${source_sql} AS source, ${netSql(scope)} AS net, attacker_ip,
    attacker_country, attacker_asn, toString(action) AS action, outcome, target_kind, target, service, session, username,
    password, command, url, file_sha256, fingerprint, user_agent, signature, vantage, direction,
    if(fingerprint = '', 0, cityHash64(fingerprint)) AS print_own,
    if(signature = '' AND extra['cve'] = '', '', upper(extract(concat(signature, ' ', extra['cve']), '(?i)CVE-[0-9]{4}-[0-9]{4,7}'))) AS target_cve,
    ${fresh === undefined ? 'true' : `segment_id IN (${fresh.join(', ')})`} AS is_fresh`;
  const all = `SELECT ${columns} FROM ${eventsSql(attributed)} WHERE ${attributableSql(scope)} AND ${where}`;
  const events =
    scope.kept_from_us === 0
      ? all
      : `SELECT one.* FROM (${all}) AS one GLOBAL ANY LEFT JOIN ${frozen_table} AS f ON one.source = f.source AND one.net = f.net
         WHERE one.detect_ts > f.to_ts`;
  if (!windows) return events;
  return `SELECT one.* FROM (${events}) AS one GLOBAL INNER JOIN ${window_table} AS w ON one.source = w.source AND one.net = w.net
    WHERE one.detect_ts >= w.from_ts AND one.detect_ts <= w.to_ts`;
}

/** Events of a pass over all, by buckets of sources: otherwise each bucket would be looked for among all events. */
export const staged_table = 'analysis_staged';

/**
 * Fills the staged table. It is read once and dropped: no part of it is merged.
 * @param buckets how many there are in all, and from which to below which they are put there
 */
export function stageSql(
  scope: AttackScope,
  choice: EventChoice,
  buckets: { count: number; from: number; to: number },
): string {
  return `CREATE TABLE ${staged_table} ENGINE = MergeTree ORDER BY (bucket, event_id) SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1 AS
    SELECT *, toUInt32(cityHash64(source) % ${buckets.count}) AS bucket FROM (${chosenSql(scope, choice)})
    WHERE bucket >= ${buckets.from} AND bucket < ${buckets.to}`;
}

/**
 * Each event with its attack. Only narrow columns are named, so that only these are sorted again and again.
 * @returns a SELECT of event_id, sensor_id, attack_id, is_fresh, target_service, visit_first, visit_last
 */
export function assignedSql(scope: AttackScope, choice: EventChoice): string {
  const us = scope.pause_seconds * 1_000_000;
  const pause = (partition: string): string =>
    `toUnixTimestamp64Micro(detect_ts) - toUnixTimestamp64Micro(lagInFrame(detect_ts, 1, detect_ts) OVER (PARTITION BY ${partition} ORDER BY detect_ts, event_id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)) > ${us}`;
  const running = (flag: string, partition: string): string =>
    `sum(${flag}) OVER (PARTITION BY ${partition} ORDER BY detect_ts, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
  const of_session = 'source, net, visit, sensor_id, session';
  const of_target = 'source, net, visit, target_service, target_cve';
  return `
  SELECT event_id, sensor_id, is_fresh, target_service,
    first_value(event_id) OVER (PARTITION BY ${of_target}, ordinal, machine ORDER BY detect_ts, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS attack_id,
    min(detect_ts) OVER (PARTITION BY source, net, visit) AS visit_first,
    max(detect_ts) OVER (PARTITION BY source, net, visit) AS visit_last
  FROM (
    SELECT *, if(
      maxIf(print, print != 0) OVER (PARTITION BY ${of_target}, ordinal) != minIf(print, print != 0) OVER (PARTITION BY ${of_target}, ordinal),
      print, 0) AS machine
    FROM (
      SELECT *, ${running('is_new_attack', of_target)} AS ordinal
      FROM (
        SELECT *, ${pause(of_target)} AS is_new_attack
        FROM (
          SELECT *,
            if(service = '' AND session != '', max(service) OVER (PARTITION BY ${of_session}), toString(service)) AS target_service,
            if(print_own = 0 AND session != '', max(print_own) OVER (PARTITION BY ${of_session}), print_own) AS print
          FROM (
            SELECT *, ${running('is_new_visit', 'source, net')} AS visit
            FROM (
              SELECT *, ${pause('source, net')} AS is_new_visit
              FROM (
                ${chosenSql(scope, choice)}
              )
            )
          )
        )
      )
    )
  )`;
}

const limit = { commands: 100, files: 20, urls: 20, relays: 6, command_bytes: 1000, signatures: 10 } as const;

/** The first different values of an attack, by when they came first, so that it is the same ones in whatever order rows are read. */
function firstDistinct(most: number, value: string, condition: string): string {
  const moment = 'bitShiftLeft(toInt128(toUnixTimestamp64Micro(detect_ts)), 64) + toInt128(event_id)';
  const moments = `minMapIf(map(toString(${value}), ${moment}), ${condition})`;
  const in_order = `arraySort(one -> one.2, arrayZip(mapKeys(${moments}), mapValues(${moments})))`;
  return `arraySort(arrayMap(one -> one.1, arraySlice(${in_order}, 1, ${most})))`;
}

/**
 * One row for each attack of the events that are chosen.
 * @param assigned a table that holds the rows of `assignedSql`; absent: they are found anew
 */
export function attacksSql(scope: AttackScope, choice: EventChoice, assigned?: string): string {
  return `
SELECT
  attack_id, min(visit_first) AS visit_ts, min(detect_ts) AS first_ts, max(detect_ts) AS last_ts,
  argMin(e.sensor_id, (detect_ts, event_id)) AS sensor_id, any(e.source) AS source, any(e.net) AS net,
  argMin(e.attacker_ip, (detect_ts, event_id)) AS attacker_ip,
  argMin(toString(e.attacker_country), (detect_ts, event_id)) AS attacker_country,
  argMin(e.attacker_asn, (detect_ts, event_id)) AS attacker_asn,
  any(target_service) AS service, any(target_cve) AS cve,
  arraySort(groupUniqArray(64)(e.sensor_id)) AS sensors,
  uniqExactIf((e.sensor_id, session), session != '') AS sessions,
  count() AS events, countIf(is_fresh) AS fresh, max(visit_last) AS visit_end_ts, sumMap(map(action, toUInt32(1))) AS actions,
  countIf(action = 'authenticate' AND outcome = 'success') AS log_ins,
  countIf(vantage = 'honeypot') AS seen_by_honeypot, countIf(direction = 'outbound' AND vantage = 'host') AS outbound,
  uniqExactIf(username, username != '') AS usernames, uniqExactIf(password, password != '') AS passwords,
  ${firstDistinct(20, 'username', "username != ''")} AS some_usernames,
  ${firstDistinct(limit.signatures, 'signature', "signature != ''")} AS signatures,
  ${firstDistinct(5, 'user_agent', "user_agent != ''")} AS user_agents,
  ${firstDistinct(5, 'fingerprint', "fingerprint != ''")} AS fingerprints,
  arraySort(groupUniqArrayIf(10)(toString(target_kind), true)) AS target_kinds,
  groupArraySortedIf(12)((detect_ts, event_id, cityHash64(username, password)), action = 'authenticate' AND password != '') AS credentials,
  groupArraySortedIf(${limit.commands})((detect_ts, event_id, session, substring(command, 1, ${limit.command_bytes})), command != '') AS commands,
  groupArraySortedIf(${limit.files})((detect_ts, event_id, file_sha256), file_sha256 != '') AS files,
  groupArraySortedIf(${limit.urls})((detect_ts, event_id, substring(url, 1, ${limit.command_bytes})), action = 'download' AND url != '') AS downloads,
  groupArraySortedIf(${limit.relays})((detect_ts, event_id, substring(target, 1, 300)), action = 'bypass' AND target != '') AS relays,
  ${firstDistinct(limit.urls, 'substring(url, 1, 300)', "action != 'download' AND url != ''")} AS requests
FROM (
  SELECT c.*, a.attack_id AS attack_id, a.target_service AS target_service, a.visit_first AS visit_first, a.visit_last AS visit_last
  FROM (${chosenSql(scope, choice)}) AS c
  GLOBAL SEMI LEFT JOIN ${assigned ?? `(${assignedSql(scope, choice)})`} AS a ON c.event_id = a.event_id
) AS e
GROUP BY attack_id`;
}
