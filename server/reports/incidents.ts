/** Incidents of a period, and one whole. */
import type { Incident, Incidents, IncidentsQuery } from '@apiary/model/api/incidents.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { Evidence } from '@apiary/model/taxonomy.ts';
import { stageRank, stages } from '@apiary/model/taxonomy.ts';
import { listGroupings } from '../state/groupings.ts';
import { type AnchoredJudgement, findAnchor, listJudgements, settle } from '../state/judgements.ts';
import type { Reader } from './count-by.ts';
import { dateTime } from './date-time.ts';
import { countFirsts, countGrowth, rankSql } from './incident-ranks.ts';
import {
  attack_columns,
  attacks_now,
  type IncidentDbRow,
  incident_attacks_now,
  incident_columns,
  incidents_now,
  showAttack,
  showIncident,
} from './incident-rows.ts';
import { judgedColumns } from './judged-columns.ts';
import { tellIncident } from './narrative.ts';
import { resolvePeriod, showPeriod } from './scope.ts';
import type { View } from './view.ts';

/** What incidents are read from: a view, or the server's own engine and state. */
type Source = Pick<View, 'store' | 'state'>;

const attacks_shown_max = 500;
/** What linking puts into one incident; people may join more. */
export const attacks_exported_max = 5000;

/** Ids that one query names: its text must fit into the engine's longest. */
const events_at_once = 5000;

/** Judgements by the incident that holds their anchor today. */
export async function judgementsByIncident({
  store,
  state,
}: Source): Promise<Map<string, AnchoredJudgement[]>> {
  const judgements = listJudgements(state);
  if (judgements.length === 0) return new Map();
  const anchors = [...new Set(judgements.map(({ anchor }) => anchor))];
  const homes = await findHomes(store, anchors);
  return Map.groupBy(judgements, ({ anchor }) => homes.get(anchor) ?? anchor);
}

/** Incidents that are pinned now, by their id. */
export async function pinnedIncidents(source: Source): Promise<string[]> {
  const judged = await judgementsByIncident(source);
  return [...judged]
    .filter(([, judgements]) => settle(judgements).get('pinned')?.value === 'yes')
    .map(([incident_id]) => incident_id);
}

/** The incident that holds each of some events today. @param events ids, our own digits */
async function findHomes(store: Reader, events: readonly string[]): Promise<Map<string, string>> {
  const homes = new Map<string, string>();
  for (let at = 0; at < events.length; at += events_at_once) {
    const ids = events.slice(at, at + events_at_once).map((id) => BigInt(id));
    const rows = await store.query<{ event_id: string; incident_id: string }>(
      `SELECT e.event_id AS event_id, i.incident_id AS incident_id
       FROM (SELECT event_id, tupleElement(max(assignment), 2) AS attack_id FROM attack_event WHERE event_id IN (${ids.join(', ')}) GROUP BY event_id) AS e
       GLOBAL INNER JOIN ${incident_attacks_now} AS i ON e.attack_id = i.attack_id`,
    );
    for (const { event_id, incident_id } of rows) homes.set(event_id, incident_id);
  }
  return homes;
}

const orders: Record<IncidentsQuery['order'], string> = {
  // Far-reaching first; among equals what is new, then what is large.
  matters: 'stage_rank DESC, toStartOfDay(last_ts) DESC, attacks DESC, number DESC',
  unlike: 'other_rank DESC, stage_rank DESC, last_ts DESC, number DESC',
  newest: 'first_ts DESC, number DESC',
  growing: 'other_rank DESC, last_ts DESC, attacks DESC, number DESC',
  largest: 'attacks DESC, events DESC, number DESC',
};

export async function listIncidents(
  source: Source,
  query: IncidentsQuery,
  now_ms: number,
): Promise<Incidents> {
  const { store } = source;
  const period = resolvePeriod(query, now_ms);
  const judgements = await judgementsByIncident(source);
  const judged = judgedColumns(judgements);
  const params: Record<string, unknown> = {};
  const conditions = [`last_ts >= ${dateTime(period.from_ms)} AND first_ts < ${dateTime(period.to_ms)}`];
  const rank = `indexOf([${stages.map(({ name }) => `'${name}'`).join(', ')}], stage)`;
  if (query.stage !== undefined) conditions.push(`${rank} > ${stageRank(query.stage)}`);
  for (const [name, sql] of [
    ['tool', 'has(tools, {tool:String})'],
    ['attacker', `${judged.attacker} = {attacker:String}`],
    ['objective', `has(${judged.objectives}, {objective:String})`],
    ['family', 'has(families, {family:String})'],
    ['service', 'has(services, {service:String})'],
  ] as const) {
    if (query[name] === undefined) continue;
    conditions.push(sql);
    params[name] = query[name];
  }
  const where = conditions.join(' AND ');
  const asked = { ...period, where, rank, params };
  const grown = query.order === 'growing' ? await countGrowth(store, asked) : null;
  const firsts = query.order === 'unlike' ? await countFirsts(store, asked) : null;
  const other_rank = rankSql(grown ?? firsts ?? new Map());
  const [[count], rows] = await Promise.all([
    store.query<{ total: string }>(`SELECT count() AS total FROM ${incidents_now} WHERE ${where}`, params),
    store.query<IncidentDbRow>(
      `SELECT ${incident_columns}, ${rank} AS stage_rank, ${other_rank} AS other_rank FROM ${incidents_now} WHERE ${where}
       ORDER BY ${orders[query.order]} LIMIT ${query.limit} OFFSET ${query.offset}`,
      params,
    ),
  ]);
  return {
    period: showPeriod(period),
    total: Number(count?.total ?? 0),
    incidents: rows.map(({ incident_id, ...row }) => ({
      ...showIncident({ ...row, incident_id }, judgements.get(incident_id) ?? []),
      grown: grown === null ? null : (grown.get(incident_id) ?? 0),
      firsts: firsts === null ? null : (firsts.get(incident_id) ?? 0),
    })),
  };
}

/** @throws OperationalError not_found */
export async function findIncidentId({ store, state }: Source, number: number): Promise<string> {
  const anchor = findAnchor(state, number);
  const home = anchor === null ? undefined : (await findHomes(store, [anchor])).get(anchor);
  if (home !== undefined) return home;
  // Numbers are never given again, so that who asks for an old one is told what became of it.
  const told =
    anchor === null
      ? `there is no incident ${number}: the number was never given`
      : `of incident ${number} no event is left to be seen: they were erased, or came from honeynets that are not yours`;
  throw new OperationalError('not_found', told);
}

/** Ids of all attacks of an incident. @throws OperationalError not_found */
export async function attacksOf(source: Source, number: number): Promise<string[]> {
  const rows = await source.store.query<{ attack_id: string }>(
    `SELECT attack_id FROM ${incident_attacks_now} WHERE incident_id = {incident_id:UInt64}
       AND attack_id GLOBAL IN (SELECT attack_id FROM ${attacks_now})`,
    { incident_id: await findIncidentId(source, number) },
  );
  return rows.map(({ attack_id }) => attack_id);
}

/** The number of the incident that holds an event today. @throws OperationalError not_found */
export async function numberOf({ store }: Source, event_id: string): Promise<number> {
  const incident_id = (await findHomes(store, [event_id])).get(event_id);
  const [row] = await store.query<{ number: number }>(
    `SELECT number FROM ${incidents_now} WHERE incident_id = {incident_id:UInt64}`,
    { incident_id: incident_id ?? '0' },
  );
  if (row === undefined) throw new OperationalError('not_found', `no incident holds the event ${event_id}`);
  return Number(row.number);
}

/** What people joined to an incident or set apart from it or as it: whatever names one of its attacks. */
async function groupingsOf({ store, state }: Source, incident_id: string): Promise<Incident['groupings']> {
  const groupings = listGroupings(state);
  if (groupings.length === 0) return [];
  const homes = await findHomes(store, [...new Set(groupings.flatMap(({ events }) => events))]);
  return groupings
    .filter(({ events }) => events.some((event) => homes.get(event) === incident_id))
    .map(({ events, ...grouping }) => ({ ...grouping, attacks: events.length }));
}

/**
 * @param attacks_max how many of its attacks are given, the earliest first
 * @throws OperationalError not_found
 */
export async function readIncident(
  source: Source,
  number: number,
  attacks_max = attacks_shown_max,
): Promise<Incident> {
  const { store } = source;
  const incident_id = await findIncidentId(source, number);
  const [[row], attacks, judgements, groupings] = await Promise.all([
    store.query<IncidentDbRow & { evidence: string }>(
      `SELECT ${incident_columns}, evidence FROM ${incidents_now} WHERE incident_id = {incident_id:UInt64}`,
      { incident_id },
    ),
    store.query<Record<string, unknown> & { links: string }>(
      `SELECT a.*, i.links AS links
       FROM (SELECT ${attack_columns} FROM ${attacks_now} WHERE attack_id GLOBAL IN (SELECT attack_id FROM ${incident_attacks_now} WHERE incident_id = {incident_id:UInt64})) AS a
       GLOBAL INNER JOIN (SELECT attack_id, links FROM ${incident_attacks_now} WHERE incident_id = {incident_id:UInt64}) AS i ON a.attack_id = i.attack_id
       ORDER BY first_ts, attack_id LIMIT ${attacks_max + 1}`,
      { incident_id },
    ),
    judgementsByIncident(source),
    groupingsOf(source, incident_id),
  ]);
  if (row === undefined) throw new OperationalError('not_found', `there is no incident ${number}`);
  const { evidence, ...plain } = row;
  const its = plain.is_partial ? [] : (judgements.get(incident_id) ?? []);
  const shown = attacks.slice(0, attacks_max).map(({ links, ...attack }) => ({
    ...showAttack(attack),
    links: JSON.parse(links) as Incident['attacks'][number]['links'],
  }));
  const incident = showIncident(plain, its);
  return {
    incident,
    asked: number,
    rules: {
      attacker: plain.attacker,
      attacker_confidence: plain.attacker_confidence,
      objectives: plain.objectives,
    },
    evidence: (JSON.parse(evidence) as Evidence[] | null) ?? [],
    groupings: plain.is_partial ? [] : groupings,
    judgements: its.map(({ anchor: _, ...judgement }) => judgement),
    attacks: shown,
    is_cut: attacks.length > attacks_max,
    narrative: tellIncident(incident, shown),
  };
}
