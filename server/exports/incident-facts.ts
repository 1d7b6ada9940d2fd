/** What an export says of an incident: indicators and times, with sensors under other names and their addresses gone. */
import type { Attack, Incident } from '@apiary/model/api/incidents.ts';
import { empty_files } from '@apiary/model/empty-files.ts';
import type { tlp_levels } from '@apiary/model/incident-words.ts';
import { classify, type RsitClass } from '@apiary/model/rsit.ts';
import type { Cleaner } from './cleaner.ts';

export type Tlp = (typeof tlp_levels)[number];

/** An attack as others may know it. */
export interface SharedAttack
  extends Omit<Attack, 'sensors' | 'source' | 'actions' | 'results' | 'tool_confidence'> {
  is_v6: boolean;
  /** Whether passwords were tried. */
  tried_log_in: boolean;
  is_denial: boolean;
  /** Sensors by pseudonyms. */
  sensors: string[];
}

export interface IncidentFacts {
  incident: Incident['incident'];
  attacks: SharedAttack[];
  /** Says that it has more attacks than these; '' where it has not. */
  cut: string;
  narrative: string[];
  /** Why the attacker and the objectives are what is said. */
  reasons: string[];
  tlp: Tlp;
  sources: { address: string; is_v6: boolean; first: string; last: string }[];
  files: string[];
  urls: string[];
  techniques: string[];
  /** Classes of RSIT that hold of any of its attacks. */
  rsit: RsitClass[];
  commands: string[];
  /** Those in which nothing was private, so that they stand as they were seen: what rules may match. */
  exact: { urls: string[]; commands: string[] };
  /** Sensors by pseudonyms that are the same in every export of this installation. */
  sensors: string[];
  created: string;
}

export interface ExportOptions {
  tlp: Tlp;
  cleaner: Cleaner;
  now_ms: number;
}

const distinct = (values: string[]): string[] => [...new Set(values)];

function shareAttack(attack: Attack, { clean, nameSensor }: Cleaner): SharedAttack {
  const { sensors, source: _source, actions, results, tool_confidence: _confidence, ...rest } = attack;
  return {
    ...rest,
    is_v6: attack.attacker_ip.includes(':'),
    tried_log_in: (actions.authenticate ?? 0) > 0,
    is_denial: results.includes('denial of service'),
    sensors: sensors.map(nameSensor),
    commands: attack.commands.map(clean),
    urls: attack.urls.map(clean),
    files: attack.files.filter((hash) => /^[0-9a-f]{64}$/.test(hash) && !empty_files.has(hash)),
  };
}

export function gatherFacts(data: Incident, { tlp, cleaner, now_ms }: ExportOptions): IncidentFacts {
  const { clean, isClean, isOwn, nameSensor } = cleaner;
  const { incident } = data;
  // A honeypot that attacks others is no indicator for them, nor is a scanner of one's own.
  const foreign = data.attacks.filter(({ attacker_ip }) => isClean(attacker_ip) && !isOwn(attacker_ip));
  const attacks = foreign.map(({ links: _, ...attack }) => shareAttack(attack, cleaner));
  const known = attacks.filter(({ attacker_ip }) => attacker_ip !== '');
  const cut = data.is_cut
    ? `It has ${incident.attacks} attacks: only the first ${data.attacks.length} are in this file.`
    : '';
  const by_source = Map.groupBy(known, ({ attacker_ip }) => attacker_ip);
  const theirs = data.attacks.filter(({ attacker_ip }) => !isOwn(attacker_ip));
  const urls = distinct(theirs.flatMap((attack) => attack.urls));
  const commands = distinct(theirs.flatMap((attack) => attack.commands));
  return {
    incident: { ...incident, name: clean(incident.name), assignee: '' },
    attacks,
    cut,
    narrative: [...data.narrative.map(clean), ...(cut === '' ? [] : [cut])],
    reasons: data.evidence.map(({ about, says, because }) => clean(`${about}: ${says}, because ${because}`)),
    tlp,
    sources: [...by_source].map(([address, list]) => ({
      address,
      is_v6: address.includes(':'),
      first: list.map(({ first_ts }) => first_ts).reduce((a, b) => (a < b ? a : b)),
      last: list.map(({ last_ts }) => last_ts).reduce((a, b) => (a > b ? a : b)),
    })),
    files: distinct(attacks.flatMap(({ files }) => files)),
    urls: urls.map(clean),
    techniques: distinct(attacks.flatMap(({ techniques }) => techniques)),
    rsit: [...new Set(data.attacks.flatMap(classify))],
    commands: commands.map(clean),
    exact: { urls: urls.filter(isClean), commands: commands.filter(isClean) },
    sensors: incident.sensors.map(nameSensor),
    created: new Date(now_ms).toISOString(),
  };
}
