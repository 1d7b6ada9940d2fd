/**
 * Rules tried on the past before they are switched on: the attacks of a period are gathered from their events again,
 * judged by the rules as they are and as they would be, and what differs is told, up to the incidents. Nothing is
 * written. A visit that the period cuts in two is judged by what of it lies inside.
 */
import type { RuleTrial } from '@apiary/model/api/rules.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { QueryLimits } from '../store/store.ts';
import { type GatheredAttack, readGathered, showMicroseconds } from './attack-row.ts';
import { type AttackScope, attacksSql, attributableSql, source_sql } from './attack-sql.ts';
import { type AttackRecord, readAttack } from './attack-table.ts';
import { type AttackJudgement, judgeAttack } from './judge-attack.ts';
import { judgeIncident } from './judge-incident.ts';
import type { RuleSet } from './rule-set.ts';

/** What a trial asks: the engine, or what one may see of it. */
export interface Asked {
  query<T>(sql: string, params?: Record<string, unknown>, limits?: QueryLimits): Promise<T[]>;
}

const chunk_events = 100_000;
const events_max = 5_000_000;
const examples_max = 100;
const judged_at_once = 50;
/** Ids that one query names: its text must fit into the engine's longest. */
const ids_at_once = 5000;
const incidents_max = 200;
const limits = { rows_max: 10_000_000, seconds_max: 120 };

type Named = Pick<AttackJudgement, 'tool' | 'tool_confidence' | 'families' | 'family_kinds'>;

/** Little of each: there may be many. */
interface ChangedAttack {
  attack: Pick<GatheredAttack, 'attack_id' | 'first_us' | 'attacker_ip' | 'service'>;
  before: Named;
  after: Named;
  because: string;
}

const nameOf = ({ tool, tool_confidence, families }: Named) => ({
  tool,
  tool_confidence,
  families,
});
const differ = (one: object, other: object): boolean => JSON.stringify(one) !== JSON.stringify(other);

/** What a family of the new judgement rests on that the old one did not have. */
function reasonOf(before: AttackJudgement, after: AttackJudgement): string {
  const added = after.families.filter((family) => !before.families.includes(family));
  return after.evidence.find(({ about, says }) => about === 'family' && added.includes(says))?.because ?? '';
}

const pick = ({ tool, tool_confidence, families, family_kinds }: AttackJudgement): Named => ({
  ...{ tool, tool_confidence, families, family_kinds },
});

/** @returns null where both rules judge alike */
function compare(attack: GatheredAttack, before: RuleSet, after: RuleSet): ChangedAttack | null {
  const [now, then] = [judgeAttack(attack, before), judgeAttack(attack, after)];
  if (!differ(nameOf(now), nameOf(then))) return null;
  const { attack_id, first_us, attacker_ip, service } = attack;
  return {
    attack: { attack_id, first_us, attacker_ip, service },
    before: pick(now),
    after: pick(then),
    because: reasonOf(now, then),
  };
}

/** Trials run one after another: each takes the engine and this thread for a while. */
let running: Promise<unknown> = Promise.resolve();

/**
 * @param period in microseconds since 1970, the end excluded
 * @throws OperationalError `query_too_large` where the period holds too much
 */
export function tryRules(
  store: Asked,
  scope: AttackScope,
  period: { from_us: number; to_us: number },
  rules: readonly [RuleSet, RuleSet],
): Promise<Omit<RuleTrial, 'period'>> {
  const trial = running.catch(() => undefined).then(() => goThrough(store, scope, period, rules));
  running = trial;
  return trial;
}

async function goThrough(
  store: Asked,
  scope: AttackScope,
  period: { from_us: number; to_us: number },
  [before, after]: readonly [RuleSet, RuleSet],
): Promise<Omit<RuleTrial, 'period'>> {
  const from_us = Math.max(period.from_us, scope.kept_from_us);
  // What expired is not there to be judged, and what is left of its visits is judged like any other.
  const whole = { ...scope, kept_from_us: 0 };
  const within = `detect_ts >= toDateTime64('${showMicroseconds(from_us)}', 6, 'UTC') AND detect_ts < toDateTime64('${showMicroseconds(period.to_us)}', 6, 'UTC')`;
  const [row] = await store.query<{ events: string; attributed: number }>(
    `SELECT count() AS events, (SELECT count() > 0 FROM attribution WHERE attacker_ip != toIPv6('::')) AS attributed
     FROM event WHERE ${attributableSql(whole)} AND ${within}`,
  );
  const events = Number(row!.events);
  if (events > events_max)
    throw new OperationalError(
      'query_too_large',
      `the period holds ${events} events; rules are tried on ${events_max} at most`,
    );
  const attributed = row!.attributed === 1;
  const chunks = Math.max(1, Math.ceil(events / chunk_events));
  const changed: ChangedAttack[] = [];
  let attacks = 0;
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const where = `${within} AND cityHash64(${source_sql}) % ${chunks} = ${chunk}`;
    const rows = await store.query<Record<string, unknown>>(
      attacksSql(whole, { where, attributed }),
      {},
      limits,
    );
    attacks += rows.length;
    for (const [index, row] of rows.entries()) {
      // Gateway and pages go on between.
      if (index % judged_at_once === 0) await new Promise((resolve) => setImmediate(resolve));
      const found = compare(readGathered(row), before, after);
      if (found !== null) changed.push(found);
    }
  }
  return {
    events,
    attacks,
    changed: changed.length,
    tools: countTools(changed),
    examples: changed
      .toSorted((a, b) => b.attack.first_us - a.attack.first_us)
      .slice(0, examples_max)
      .map((one) => ({
        attack_id: one.attack.attack_id,
        first_ts: new Date(one.attack.first_us / 1000).toISOString(),
        source: one.attack.attacker_ip.replace(/^::ffff:/, ''),
        service: one.attack.service,
        before: nameOf(one.before),
        after: nameOf(one.after),
        because: one.because,
      })),
    ...(await judgeIncidents(store, changed)),
  };
}

function countTools(changed: readonly ChangedAttack[]): RuleTrial['tools'] {
  const counts = new Map<string, number>();
  for (const { before, after } of changed) {
    if (before.tool === after.tool) continue;
    const key = JSON.stringify([before.tool, after.tool]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .map(([key, attacks]) => {
      const [before, after] = JSON.parse(key) as [string, string];
      return { before, after, attacks };
    })
    .sort((a, b) => b.attacks - a.attacks);
}

/** Judges the incidents of changed attacks both ways, those with most of them first. */
async function judgeIncidents(
  store: Asked,
  changed: readonly ChangedAttack[],
): Promise<Pick<RuleTrial, 'incidents' | 'incidents_judged' | 'incidents_left_out'>> {
  const none = { incidents: [], incidents_judged: 0, incidents_left_out: 0 };
  if (changed.length === 0) return none;
  const by_event = new Map(changed.map((one) => [one.attack.attack_id, one]));
  // An attack that the period cuts bears another number in the tables: its first event leads to it.
  const ids_changed = [...by_event.keys()];
  const found: { event_id: string; attack_id: string; incident_id: string }[] = [];
  for (let at = 0; at < ids_changed.length; at += ids_at_once)
    found.push(
      ...(await store.query<(typeof found)[number]>(
        `SELECT e.event_id AS event_id, e.attack AS attack_id, i.incident_id AS incident_id
         FROM (SELECT event_id, tupleElement(max(assignment), 2) AS attack FROM attack_event
               WHERE event_id IN (${ids_changed.slice(at, at + ids_at_once).join(', ')}) GROUP BY event_id) AS e
         GLOBAL INNER JOIN (SELECT attack_id, incident_id FROM incident_attack FINAL) AS i ON i.attack_id = e.attack`,
        {},
        limits,
      )),
    );
  const of_incident = [...Map.groupBy(found, ({ incident_id }) => incident_id)].sort(
    ([, a], [, b]) => b.length - a.length,
  );
  const chosen = of_incident.slice(0, incidents_max);
  if (chosen.length === 0) return none;
  const ids = chosen.map(([id]) => id).join(', ');
  const members = await store.query<{ attack_id: string; incident_id: string }>(
    `SELECT attack_id, incident_id FROM incident_attack FINAL WHERE incident_id IN (${ids})`,
    {},
    limits,
  );
  const numbers = await store.query<{ incident_id: string; number: number }>(
    `SELECT incident_id, number FROM incident FINAL WHERE is_gone = 0 AND incident_id IN (${ids})`,
    {},
    limits,
  );
  const rows = await store.query<Record<string, unknown>>(
    `SELECT * FROM attack FINAL WHERE is_gone = 0
       AND attack_id GLOBAL IN (SELECT attack_id FROM incident_attack FINAL WHERE incident_id IN (${ids}))`,
    {},
    limits,
  );
  const record_of = new Map(rows.map(readAttack).map(({ record }) => [record.attack_id, record]));
  const members_of = Map.groupBy(members, ({ incident_id }) => incident_id);
  const change_of = new Map(found.map(({ event_id, attack_id }) => [attack_id, by_event.get(event_id)!]));
  const incidents: RuleTrial['incidents'] = [];
  for (const { number, incident_id } of numbers) {
    const records = (members_of.get(incident_id) ?? []).flatMap(
      ({ attack_id }) => record_of.get(attack_id) ?? [],
    );
    const judge = (which: 'before' | 'after') => {
      const { attacker, attacker_confidence, objectives } = judgeIncident(
        records.map((record) => withJudgement(record, change_of.get(record.attack_id)?.[which])),
      );
      return { attacker, attacker_confidence, objectives };
    };
    const [now, then] = [judge('before'), judge('after')];
    if (differ(now, then)) incidents.push({ number, before: now, after: then });
  }
  return {
    incidents: incidents.sort((a, b) => a.number - b.number),
    incidents_judged: numbers.length,
    incidents_left_out: of_incident.length - chosen.length,
  };
}

function withJudgement(record: AttackRecord, judgement: Named | undefined): AttackRecord {
  if (judgement === undefined) return record;
  const { tool, families, family_kinds } = judgement;
  return { ...record, tool, families, family_kinds };
}
