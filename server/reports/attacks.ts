/** Attacks that a period touches, by the words that the taxonomy has for them: what each of its cells counts. */
import type { Attacks, AttacksQuery } from '@apiary/model/api/incidents.ts';
import { normalizeAddress } from '@apiary/model/networks.ts';
import { dateTime } from './date-time.ts';
import {
  attack_columns,
  attacks_now,
  incident_attacks_now,
  incidents_now,
  showAttack,
} from './incident-rows.ts';
import { resolvePeriod, showPeriod } from './scope.ts';
import type { View } from './view.ts';

const conditions_sql = {
  tool: 'tool = {tool:String}',
  weakness: 'weakness = {weakness:String}',
  stage: 'stage = {stage:String}',
  result: 'has(results, {result:String})',
  family: 'has(families, {family:String})',
  technique: 'has(techniques, {technique:String})',
  service: 'service = {service:String}',
  // Of IPv6 the /64.
  source:
    "source = if(startsWith({source:String}, '::ffff:'), toIPv6({source:String}), tupleElement(IPv6CIDRToRange(toIPv6({source:String}), 64), 1))",
  sensor: 'has(sensors, {sensor:UInt32})',
  session: `attack_id GLOBAL IN (SELECT tupleElement(max(assignment), 2) FROM attack_event
    WHERE event_id GLOBAL IN (SELECT event_id FROM event WHERE session = {session:String}) GROUP BY event_id)`,
} as const satisfies Partial<Record<keyof AttacksQuery, string>>;

/** IPv6, IPv4 mapped, as the engine has it. */
function toMapped(text: string): string {
  const address = normalizeAddress(text) ?? text;
  return address.includes(':') ? address : `::ffff:${address}`;
}

export async function listAttacks(
  { store }: Pick<View, 'store'>,
  query: AttacksQuery,
  now_ms: number,
): Promise<Attacks> {
  const period = resolvePeriod(query, now_ms);
  const conditions = [`last_ts >= ${dateTime(period.from_ms)} AND first_ts < ${dateTime(period.to_ms)}`];
  const params: Record<string, unknown> = {};
  for (const [name, sql] of Object.entries(conditions_sql)) {
    const value = query[name as keyof typeof conditions_sql];
    if (value === undefined) continue;
    conditions.push(sql);
    params[name] = name === 'source' ? toMapped(String(value)) : value;
  }
  const where = conditions.join(' AND ');
  const [[count], rows] = await Promise.all([
    store.query<{ total: string }>(`SELECT count() AS total FROM ${attacks_now} WHERE ${where}`, params),
    store.query<Record<string, unknown>>(
      `SELECT ${attack_columns} FROM ${attacks_now} WHERE ${where}
       ORDER BY last_ts DESC, attack_id LIMIT ${query.limit} OFFSET ${query.offset}`,
      params,
    ),
  ]);
  const attacks = rows.map(showAttack);
  const ids = attacks.map(({ attack_id }) => attack_id);
  const numbers =
    ids.length === 0
      ? []
      : await store.query<{ attack_id: string; number: number }>(
          `SELECT b.attack_id AS attack_id, i.number AS number
           FROM (SELECT attack_id, incident_id FROM ${incident_attacks_now} WHERE attack_id IN (${ids.join(', ')})) AS b
           GLOBAL INNER JOIN (SELECT incident_id, number FROM ${incidents_now}) AS i ON b.incident_id = i.incident_id`,
        );
  const number_of = new Map(numbers.map(({ attack_id, number }) => [attack_id, Number(number)]));
  return {
    period: showPeriod(period),
    total: Number(count?.total ?? 0),
    attacks: attacks.map((attack) => ({
      ...attack,
      incident_number: number_of.get(attack.attack_id) ?? null,
    })),
  };
}
