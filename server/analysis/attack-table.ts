/** Attacks as rows of the table `attack`, and what is kept of each in memory. */
import type { Evidence } from '@apiary/model/taxonomy.ts';
import type { Store } from '../store/store.ts';
import { type GatheredAttack, readMicroseconds, showMicroseconds } from './attack-row.ts';
import type { RulesSaid } from './decisions.ts';
import type { Fact } from './facts.ts';
import type { AttackJudgement } from './judge-attack.ts';
import type { AttackSummary } from './judge-incident.ts';

export interface AttackRecord extends AttackSummary {
  net: number;
  visit_us: number;
  visit_end_us: number;
}

/** What stands in `evidence`: the reasons, and what its incident is judged by. */
interface StoredEvidence {
  evidence: Evidence[];
  signals: AttackSummary['signals'];
  family_kinds: AttackSummary['family_kinds'];
  visit_end_us: number;
  /** Where an analyst decided something else. */
  rules?: RulesSaid;
}

/** Lists and judgements that many attacks have alike, each held once; nobody changes them. */
const shared = new Map<string, unknown>();
const shared_max = 100_000;

function share<T>(value: T): T {
  const key = JSON.stringify(value);
  const known = shared.get(key) as T | undefined;
  if (known !== undefined) return known;
  if (shared.size >= shared_max) shared.clear();
  shared.set(key, value);
  return value;
}

const none: never[] = [];

/** Lists that hardly two attacks have alike, and that most have empty. */
const shareNone = <T>(list: T[]): T[] => (list.length === 0 ? none : list);

const shown_commands = 50;
const shown_values = 20;

export function describeAttack(
  attack: GatheredAttack,
  judgement: AttackJudgement,
  facts: readonly Fact[],
  { pass, rules_version, rules }: { pass: number; rules_version: string; rules?: RulesSaid | undefined },
): { row: object; record: AttackRecord } {
  const { tool, tool_confidence, weakness, stage, results, families, techniques } = judgement;
  const stored: StoredEvidence = {
    evidence: judgement.evidence,
    signals: judgement.signals,
    family_kinds: judgement.family_kinds,
    visit_end_us: attack.visit_end_us,
    ...(rules === undefined ? {} : { rules }),
  };
  const row = {
    attack_id: attack.attack_id,
    pass,
    is_gone: 0,
    sensor_id: attack.sensor_id,
    source: attack.source,
    net: attack.net,
    attacker_ip: attack.attacker_ip,
    attacker_country: attack.attacker_country,
    attacker_asn: attack.attacker_asn,
    visit_ts: showMicroseconds(attack.visit_us),
    first_ts: showMicroseconds(attack.first_us),
    last_ts: showMicroseconds(attack.last_us),
    service: attack.service,
    cve: attack.cve,
    sensors: attack.sensors,
    sessions: attack.sessions,
    events: attack.events,
    actions: attack.actions,
    log_ins: attack.log_ins,
    tool,
    tool_confidence,
    weakness,
    stage,
    results,
    families,
    techniques,
    commands: attack.commands.slice(0, shown_commands).map(({ text }) => text),
    urls: [...new Set(attack.downloads.map(({ text }) => text))].slice(0, shown_values),
    files: [...new Set(attack.files.map(({ text }) => text))].slice(0, shown_values),
    facts: JSON.stringify(facts),
    evidence: JSON.stringify(stored),
    rules_version,
  };
  const record: AttackRecord = {
    attack_id: attack.attack_id,
    source: attack.source,
    net: attack.net,
    visit_us: attack.visit_us,
    visit_end_us: attack.visit_end_us,
    first_us: attack.first_us,
    last_us: attack.last_us,
    events: attack.events,
    sensor_id: attack.sensor_id,
    sensors: share(attack.sensors),
    country: attack.attacker_country,
    service: attack.service,
    stage,
    tool,
    families: share(families),
    family_kinds: share(judgement.family_kinds),
    signals: shareNone(judgement.signals),
  };
  return { row, record };
}

/** Of the engine's answer, which is whole before any of it comes. */
const rows_at_once_by_default = 20_000;

const kept_columns = `attack_id, source, net, visit_ts, first_ts, last_ts, events, sensor_id, sensors, attacker_country,
  service, stage, tool, families, facts, evidence, rules_version`;

export interface StoredAttack {
  record: AttackRecord;
  facts: Fact[];
  version: string;
}

/** All attacks that earlier passes found, some after another: at once they would take several times what is kept of them. */
export async function* readAttacks(
  store: Store,
  rows_at_once = rows_at_once_by_default,
): AsyncGenerator<StoredAttack[]> {
  let following = '';
  for (;;) {
    const rows = await store.query(
      `SELECT ${kept_columns} FROM attack FINAL WHERE is_gone = 0${following} ORDER BY attack_id LIMIT ${rows_at_once}`,
      {},
      { rows_max: rows_at_once, seconds_max: 600 },
    );
    yield rows.map(readAttack);
    if (rows.length < rows_at_once) return;
    following = ` AND attack_id > ${String(rows.at(-1)!.attack_id)}`;
  }
}

/** @param raw a row of the table `attack` */
export function readAttack(raw: Record<string, unknown>): StoredAttack {
  const text = (name: string): string => raw[name] as string;
  const stored = JSON.parse(text('evidence')) as StoredEvidence;
  return {
    version: text('rules_version'),
    facts: JSON.parse(text('facts')) as Fact[],
    record: {
      attack_id: text('attack_id'),
      source: text('source'),
      net: Number(raw.net),
      visit_us: readMicroseconds(text('visit_ts')),
      visit_end_us: stored.visit_end_us,
      first_us: readMicroseconds(text('first_ts')),
      last_us: readMicroseconds(text('last_ts')),
      events: Number(raw.events),
      sensor_id: Number(raw.sensor_id),
      sensors: share(raw.sensors as number[]),
      country: text('attacker_country'),
      service: text('service'),
      stage: text('stage'),
      tool: text('tool'),
      families: share(raw.families as string[]),
      family_kinds: share(stored.family_kinds),
      signals: shareNone(stored.signals),
    },
  };
}
