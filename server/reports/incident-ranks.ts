/** What orders incidents beside their own columns: how they grow, and what they did that nobody had done before. */
import type { Reader } from './count-by.ts';
import { dateTime } from './date-time.ts';
import { attacks_now, incident_attacks_now, incidents_now } from './incident-rows.ts';

/** Ranks that one query names: its text must fit into the engine's longest. */
const ranked_max = 2000;
/** Incidents whose values are looked for among all earlier attacks. */
const looked_at_max = 500;
/** The part of a period that is its end. */
const end_share = 4;

/** By incident; those that are not named have none. */
export type Ranks = ReadonlyMap<string, number>;

interface Asked {
  from_ms: number;
  to_ms: number;
  /** Conditions over the columns of incidents. */
  where: string;
  /** How far each got, from them. */
  rank: string;
  params: Record<string, unknown>;
}

/** Attacks that began in the last quarter of the period. */
export async function countGrowth(store: Reader, { from_ms, to_ms }: Asked): Promise<Ranks> {
  const begin_ms = to_ms - Math.round((to_ms - from_ms) / end_share);
  const rows = await store.query<{ incident_id: string; attacks: string }>(
    `SELECT incident_id, count() AS attacks FROM ${incident_attacks_now}
     WHERE attack_id GLOBAL IN (SELECT attack_id FROM ${attacks_now} WHERE first_ts >= ${dateTime(begin_ms)} AND first_ts < ${dateTime(to_ms)})
     GROUP BY incident_id ORDER BY attacks DESC, incident_id LIMIT ${ranked_max}`,
  );
  return new Map(rows.map(({ incident_id, attacks }) => [incident_id, Number(attacks)]));
}

/**
 * Files, URLs and commands of an incident that no attack had before: those of which its own attack was the first. Of the
 * incidents that got farthest, because every scan has a path that nobody asked for.
 */
export async function countFirsts(store: Reader, { where, rank, params }: Asked): Promise<Ranks> {
  const values = `arrayConcat(arrayMap(one -> ('file', one), files), arrayMap(one -> ('url', one), urls), arrayMap(one -> ('command', one), commands))`;
  const looked_at = `SELECT incident_id FROM ${incidents_now} WHERE ${where} ORDER BY ${rank} DESC, last_ts DESC LIMIT ${looked_at_max}`;
  const own = `SELECT attack_id FROM ${incident_attacks_now} WHERE incident_id GLOBAL IN (${looked_at})`;
  const rows = await store.query<{ incident_id: string; firsts: string }>(
    `SELECT b.incident_id AS incident_id, count() AS firsts
     FROM (
       SELECT value, argMin(attack_id, (first_ts, attack_id)) AS attack_id
       FROM (SELECT attack_id, first_ts, arrayJoin(${values}) AS value FROM ${attacks_now})
       WHERE value GLOBAL IN (SELECT DISTINCT arrayJoin(${values}) FROM ${attacks_now} WHERE attack_id GLOBAL IN (${own}))
       GROUP BY value
     ) AS a
     GLOBAL INNER JOIN ${incident_attacks_now} AS b ON a.attack_id = b.attack_id
     GROUP BY incident_id ORDER BY firsts DESC, incident_id LIMIT ${ranked_max}`,
    params,
  );
  return new Map(rows.map(({ incident_id, firsts }) => [incident_id, Number(firsts)]));
}

/** Over the column `incident_id`, our own digits. */
export function rankSql(ranks: Ranks): string {
  if (ranks.size === 0) return '0';
  const ids = [...ranks.keys()].map((id) => `toUInt64(${BigInt(id)})`);
  return `transform(incident_id, [${ids.join(', ')}], [${[...ranks.values()].join(', ')}], 0)`;
}
