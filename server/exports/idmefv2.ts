/**
 * An incident as messages of IDMEFv2 (draft-lehmann-idmefv2-06): one for each attack, and one for the incident that is
 * correlated from them.
 */
import { stageRank } from '@apiary/model/taxonomy.ts';
import { categoriesOf, describeAttack } from './event-categories.ts';
import type { IncidentFacts, SharedAttack } from './incident-facts.ts';
import { uuid5 } from './uuid.ts';

/** "Intrusion.SysCompromise … includes compromising attempts on honeypot systems." */
const words = { intrusion: 'Intrusion.SysCompromise', malware: 'Malicious.Distribution' };
const version = '2.D.V06';

type Message = Record<string, unknown>;

const priorityOf = (stage: string): string => ['Info', 'Low', 'Medium', 'Medium'][stageRank(stage)] ?? 'High';

const analyzer: Message = {
  Name: 'Apiary',
  Type: ['Cyber'],
  Category: ['HPT'],
  Data: ['Log'],
  Method: ['Honeypot'],
};

const attachmentsOf = (files: readonly string[]): Message[] =>
  files.map((hash) => ({ Name: `file${hash.slice(0, 16)}`, Hash: [`sha256:${hash}`] }));

/** References of other schemes, by the name of the scheme. */
const techniquesOf = (techniques: readonly string[]): Message =>
  techniques.length === 0 ? {} : { AltCategory: techniques.map((id) => `mitre-attack:${id}`) };

const filesOf = (files: readonly string[]): Message =>
  files.length === 0 ? {} : { Attachment: attachmentsOf(files) };

function writeAttack(facts: IncidentFacts, attack: SharedAttack): Message {
  const { attacker_ip, service, cve, stage, techniques, files, urls, commands } = attack;
  const seen = [...urls, ...commands];
  return {
    Version: version,
    ID: uuid5(`idmefv2 attack ${attack.attack_id}`),
    Category: categoriesOf(attack, words),
    Cause: 'Malicious',
    Description: describeAttack(attack),
    Status: 'Event',
    Priority: priorityOf(stage),
    Note: [`TLP:${facts.tlp.toUpperCase()}`, ...seen].join('\n'),
    CreateTime: facts.created,
    StartTime: attack.first_ts,
    EndTime: attack.last_ts,
    ...techniquesOf(techniques),
    ...(/^CVE-\d{4}-\d{4,}$/.test(cve) ? { Ref: [`urn:cve:${cve}`] } : {}),
    Analyzer: analyzer,
    Sensor: attack.sensors.map((Name) => ({ Name })),
    ...(attacker_ip === '' ? {} : { Source: [{ IP: attacker_ip }] }),
    ...(service === '' ? {} : { Target: [{ Service: service }] }),
    ...filesOf(files),
  };
}

export function writeIdmefv2(facts: IncidentFacts): Message[] {
  const { incident, attacks, sources, narrative, techniques, files, tlp, created, sensors } = facts;
  const messages = attacks.map((attack) => writeAttack(facts, attack));
  const whole: Message = {
    Version: version,
    ID: uuid5(`idmefv2 incident ${incident.incident_id}`),
    Category: [...new Set(attacks.flatMap((attack) => categoriesOf(attack, words)))],
    Cause: 'Malicious',
    Description: narrative.join(' '),
    Status: 'Incident',
    Priority: priorityOf(incident.stage),
    Note: `TLP:${tlp.toUpperCase()}`,
    CreateTime: created,
    StartTime: incident.first_ts,
    EndTime: incident.last_ts,
    AltNames: [`Apiary incident ${incident.number}`],
    ...techniquesOf(techniques),
    CorrelID: messages.map(({ ID }) => ID),
    Analyzer: analyzer,
    Sensor: sensors.map((Name) => ({ Name })),
    Source: sources.map(({ address }) => ({ IP: address })),
    ...filesOf(files),
  };
  return [whole, ...messages];
}
