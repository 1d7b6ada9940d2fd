/** One attack with its events, and the attack that an event belongs to. */
import type { AttackDetail, AttackOfEvent } from '@apiary/model/api/incidents.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { showAddress } from '@apiary/model/networks.ts';
import type { Evidence } from '@apiary/model/taxonomy.ts';
import { listAttackJudgements } from '../state/judgements.ts';
import type { Reader } from './count-by.ts';
import { type EventRow, event_column_list, makeContext, showEvent } from './event-row.ts';
import {
  attack_columns,
  attacks_now,
  incident_attacks_now,
  incidents_now,
  showAttack,
} from './incident-rows.ts';
import type { View } from './view.ts';
import { firstRows } from './within-answer.ts';

const events_shown_max = 1000;
/** Ids that one query names: its text must fit into the engine's longest. */
const anchors_at_once = 5000;

/** @throws OperationalError not_found */
export async function readAttackDetail(
  { store, state, inventory }: Pick<View, 'store' | 'state' | 'inventory'>,
  attack_id: string,
): Promise<AttackDetail> {
  const params = { attack_id };
  const [row] = await store.query<Record<string, unknown> & { evidence: string }>(
    `SELECT ${attack_columns}, evidence FROM ${attacks_now} WHERE attack_id = {attack_id:UInt64}`,
    params,
  );
  if (row === undefined) throw new OperationalError('not_found', `there is no attack ${attack_id}`);
  const { evidence, ...attack } = row;
  const [{ rows: events, is_cut }, [home]] = await Promise.all([
    firstRows(events_shown_max, (limit) =>
      store.query<EventRow>(
        `SELECT ${event_column_list} FROM event
       WHERE detect_ts >= {first_ts:DateTime64(6)} AND detect_ts <= {last_ts:DateTime64(6)} AND event_id GLOBAL IN (
         SELECT event_id FROM attack_event WHERE event_id GLOBAL IN (
           SELECT event_id FROM event WHERE detect_ts >= {first_ts:DateTime64(6)} AND detect_ts <= {last_ts:DateTime64(6)}
             AND attacker_ip >= toIPv6({from:String}) AND attacker_ip <= toIPv6({to:String})
           UNION ALL
           SELECT event_id FROM attribution FINAL WHERE detect_ts >= {first_ts:DateTime64(6)} AND detect_ts <= {last_ts:DateTime64(6)}
             AND attacker_ip >= toIPv6({from:String}) AND attacker_ip <= toIPv6({to:String})
         ) GROUP BY event_id HAVING tupleElement(max(assignment), 2) = {attack_id:UInt64}
       )
       ORDER BY detect_ts, generation, place, event_id LIMIT ${limit}`,
        {
          ...params,
          first_ts: attack.first_ts,
          last_ts: attack.last_ts,
          ...sourceBounds(attack.source as string),
        },
      ),
    ),
    store.query<{ number: number }>(
      `SELECT number FROM ${incidents_now} WHERE incident_id GLOBAL IN (SELECT incident_id FROM ${incident_attacks_now} WHERE attack_id = {attack_id:UInt64})`,
      params,
    ),
  ]);
  const context = makeContext(inventory);
  const { evidence: reasons, rules = null } = JSON.parse(evidence) as {
    evidence: Evidence[];
    rules?: AttackDetail['rules'];
  };
  return {
    attack: showAttack(attack),
    incident_number: home?.number ?? null,
    evidence: reasons,
    rules,
    judgements: await judgementsOf(store, state, attack_id),
    events: events.map((event) => showEvent(event, context)),
    is_cut,
  };
}

/** What was decided of an attack, the oldest first: whatever hangs on one of its events. */
async function judgementsOf(
  store: Reader,
  state: View['state'],
  attack_id: string,
): Promise<AttackDetail['judgements']> {
  const judgements = listAttackJudgements(state);
  const anchors = [...new Set(judgements.map(({ anchor }) => anchor))];
  const own = new Set<string>();
  for (let at = 0; at < anchors.length; at += anchors_at_once) {
    const ids = anchors.slice(at, at + anchors_at_once).map((id) => BigInt(id));
    const rows = await store.query<{ event_id: string }>(
      `SELECT event_id FROM attack_event WHERE event_id IN (${ids.join(', ')})
       GROUP BY event_id HAVING tupleElement(max(assignment), 2) = {attack_id:UInt64}`,
      { attack_id },
    );
    for (const { event_id } of rows) own.add(event_id);
  }
  return judgements.filter(({ anchor }) => own.has(anchor)).map(({ anchor: _, ...judgement }) => judgement);
}

/** Addresses of a source: itself, or the /64 that it names. */
export function sourceBounds(source: string): { from: string; to: string } {
  if (source.startsWith('::ffff:')) return { from: source, to: source };
  const [left = ''] = source.split('::');
  const groups = left.split(':').filter((group) => group !== '');
  while (groups.length < 4) groups.push('0');
  return { from: source, to: `${groups.slice(0, 4).join(':')}:ffff:ffff:ffff:ffff` };
}

/** @returns whose deed an event without an address was, as the analysis found; null where nothing tells */
export async function findAttribution(
  store: Reader,
  event_id: string,
): Promise<AttackOfEvent['attribution']> {
  const [row] = await store.query<NonNullable<AttackOfEvent['attribution']> & { near_ts: string }>(
    `SELECT toString(attacker_ip) AS address, rule, confidence, because, toString(witness) AS witness, detect_ts AS near_ts
     FROM attribution FINAL WHERE event_id = {event_id:UInt64} AND attacker_ip != toIPv6('::')`,
    { event_id },
  );
  if (row === undefined) return null;
  const { near_ts, ...attribution } = row;
  const [witness] = await store.query<{ key: string }>(
    `SELECT concat(toString(toUnixTimestamp64Micro(detect_ts)), '-', toString(event_id)) AS key FROM event
     WHERE event_id = {witness:UInt64} AND abs(dateDiff('second', detect_ts, {near_ts:DateTime64(6)})) < 86400 LIMIT 1`,
    { witness: attribution.witness, near_ts },
  );
  return { ...attribution, address: showAddress(attribution.address), witness: witness?.key ?? '' };
}

/** @returns the attack of an event, and its incident's number; null where it has none */
export async function findAttackOf(
  store: Reader,
  event_id: string,
): Promise<{ attack_id: string; number: number | null } | null> {
  const [row] = await store.query<{ attack_id: string }>(
    'SELECT tupleElement(max(assignment), 2) AS attack_id FROM attack_event WHERE event_id = {event_id:UInt64} GROUP BY event_id HAVING attack_id != 0',
    { event_id },
  );
  if (row === undefined) return null;
  const [home] = await store.query<{ number: number }>(
    `SELECT number FROM ${incidents_now} WHERE incident_id GLOBAL IN (SELECT incident_id FROM ${incident_attacks_now} WHERE attack_id = {attack_id:UInt64})`,
    row,
  );
  if (home !== undefined) return { ...row, number: home.number };
  // The attack may have parts where the asker may not see.
  const found = await store.query(`SELECT 1 FROM ${attacks_now} WHERE attack_id = {attack_id:UInt64}`, row);
  return found.length === 0 ? null : { ...row, number: null };
}
