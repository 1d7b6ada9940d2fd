/** Values by which others may know the same attackers again, with when they were seen. */
import type { FeedChoice } from '@apiary/model/api/feeds.ts';
import { empty_files } from '@apiary/model/empty-files.ts';
import type { FeedKind } from '@apiary/model/feed-words.ts';
import { showAddress } from '@apiary/model/networks.ts';
import { stageRank, stages } from '@apiary/model/taxonomy.ts';
import type { Reader } from './count-by.ts';
import { dateTime } from './date-time.ts';
import { showTime } from './event-row.ts';
import { attacks_now } from './incident-rows.ts';

/** Of each kind; the newest. */
export const indicators_max = 20_000;
const day_ms = 86_400_000;
const seconds_max = 60;

export interface Indicator {
  kind: FeedKind;
  /** Of a credential the user name, a colon and the password. */
  value: string;
  /** Of a credential its user name. */
  username: string;
  first_ts: string;
  last_ts: string;
  /** Attacks with it; of a credential tries. */
  times: number;
  sensors: number[];
}

type Row = Record<'value' | 'username' | 'first' | 'last' | 'times', string> & { sensors: number[] };

/** What the values of a kind are taken from, in SQL over attacks. */
const values_sql: Record<Exclude<FeedKind, 'credential'>, string> = {
  address: "if(attacker_ip = toIPv6('::'), [], [toString(attacker_ip)])",
  file: `arrayFilter(x -> match(x, '^[0-9a-f]{64}$') AND x NOT IN (${[...empty_files].map((hash) => `'${hash}'`).join(', ')}), files)`,
  url: 'urls',
  key: `arrayMap(x -> JSONExtractString(x, 'value'), arrayFilter(x -> JSONExtractString(x, 'kind') = 'key', JSONExtractArrayRaw(facts)))`,
};

interface Query {
  sql: string;
  params: Record<string, unknown>;
}

const rank_sql = `indexOf([${stages.map(({ name }) => `'${name}'`).join(', ')}], stage)`;

function attackQuery(kind: Exclude<FeedKind, 'credential'>, choice: FeedChoice, from_ms: number): Query {
  const { stage, services, families } = choice;
  const conditions = [`last_ts >= ${dateTime(from_ms)}`, `${rank_sql} > ${stageRank(stage)}`];
  if (services.length > 0) conditions.push('service IN {services:Array(String)}');
  if (families.length > 0) conditions.push('hasAny(families, {families:Array(String)})');
  return {
    sql: `SELECT value, '' AS username, min(first_ts) AS first, max(last_ts) AS last, count() AS times, groupUniqArrayArray(sensors) AS sensors
      FROM (SELECT arrayJoin(${values_sql[kind]}) AS value, first_ts, last_ts, sensors AS sensors FROM ${attacks_now} WHERE ${conditions.join(' AND ')})
      GROUP BY value ORDER BY last DESC, value LIMIT ${indicators_max + 1}`,
    params: { services, families },
  };
}

/** Passwords are tried before anybody gets anywhere: the stage says nothing about them. */
function credentialQuery({ services }: FeedChoice, from_ms: number): Query {
  const only = services.length === 0 ? '' : 'AND service IN {services:Array(String)}';
  return {
    sql: `SELECT concat(username, ':', password) AS value, username, min(detect_ts) AS first, max(detect_ts) AS last, count() AS times, groupUniqArray(sensor_id) AS sensors
      FROM event WHERE detect_ts >= ${dateTime(from_ms)} AND action = 'authenticate' AND vantage = 'honeypot' AND password != '' ${only}
      GROUP BY username, password ORDER BY last DESC, value LIMIT ${indicators_max + 1}`,
    params: { services },
  };
}

/** @returns the newest of each kind that was asked for, and the kinds of which there are more */
export async function readIndicators(
  store: Reader,
  choice: FeedChoice,
  now_ms: number,
): Promise<{ indicators: Indicator[]; cut: FeedKind[] }> {
  const from_ms = Math.max(0, now_ms - choice.days * day_ms);
  const indicators: Indicator[] = [];
  const cut: FeedKind[] = [];
  for (const kind of choice.kinds) {
    const { sql, params } =
      kind === 'credential' ? credentialQuery(choice, from_ms) : attackQuery(kind, choice, from_ms);
    const rows = await store.query<Row>(sql, params, { seconds_max, rows_max: indicators_max + 1 });
    if (rows.length > indicators_max) cut.push(kind);
    for (const { value, username, first, last, times, sensors } of rows.slice(0, indicators_max))
      indicators.push({
        kind,
        value: kind === 'address' ? showAddress(value) : value,
        username,
        first_ts: showTime(first),
        last_ts: showTime(last),
        times: Number(times),
        sensors,
      });
  }
  return { indicators, cut };
}
