/** Rows of attacks and incidents as the API gives them, with what analysts decided laid over them. */
import type { Attack, IncidentRow, Judgement } from '@apiary/model/api/incidents.ts';
import { showAddress } from '@apiary/model/networks.ts';
import { settle } from '../state/judgements.ts';
import { showTime } from './event-row.ts';

export const incident_columns = `number, incident_id, first_ts, last_ts, attacks, events, sources, sensors, countries,
  services, stage, tools, families, attacker, attacker_confidence, objectives, evidence = 'null' AS is_partial`;
export const attack_columns = `attack_id, first_ts, last_ts, source, attacker_ip, attacker_country, attacker_asn, service, cve,
  sensors, sessions, events, actions, log_ins, tool, tool_confidence, weakness, stage, results, families, techniques,
  commands, urls, files`;

export type IncidentDbRow = Omit<
  IncidentRow,
  'name' | 'status' | 'assignee' | 'pinned' | 'judged' | 'events' | 'is_partial'
> & {
  events: string;
  is_partial: number | boolean;
};

/** Incidents and attacks as they are now: the newest pass of each. */
export const incidents_now = '(SELECT * FROM incident FINAL WHERE is_gone = 0)';
export const attacks_now = '(SELECT * FROM attack FINAL WHERE is_gone = 0)';
export const incident_attacks_now = '(SELECT * FROM incident_attack FINAL)';

export function showIncident(row: IncidentDbRow, judgements: readonly Judgement[]): IncidentRow {
  const is_partial = Boolean(row.is_partial);
  // What people decided of the whole is told to who sees the whole.
  const settled = settle(is_partial ? [] : judgements);
  const value = (field: 'attacker' | 'objectives' | 'name' | 'status' | 'assignee'): string | undefined =>
    settled.get(field)?.value;
  return {
    ...row,
    is_partial,
    first_ts: showTime(row.first_ts),
    last_ts: showTime(row.last_ts),
    events: Number(row.events),
    attacker: value('attacker') ?? row.attacker,
    // A person's word is no estimate.
    attacker_confidence: settled.has('attacker') ? 1 : row.attacker_confidence,
    objectives:
      value('objectives')
        ?.split(', ')
        .filter((one) => one !== 'unknown') ?? row.objectives,
    name: value('name') ?? '',
    status: value('status') ?? 'open',
    assignee: value('assignee') ?? '',
    pinned: settled.get('pinned')?.value === 'yes',
    judged: [...settled.keys()],
  };
}

export function showAttack(row: Record<string, unknown>): Attack {
  const one = row as unknown as Attack;
  return {
    ...one,
    first_ts: showTime(one.first_ts),
    last_ts: showTime(one.last_ts),
    source: showSource(one.source),
    attacker_ip: showAddress(one.attacker_ip),
    actions: Object.fromEntries(Object.entries(one.actions).map(([name, count]) => [name, Number(count)])),
  };
}

/** A source as people write it: IPv6 as its network. */
const showSource = (text: string): string => {
  const address = showAddress(text);
  return address.includes(':') ? `${address}/64` : address;
};
