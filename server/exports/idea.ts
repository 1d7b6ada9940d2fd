/**
 * An incident as messages of IDEA (Intrusion Detection Extensible Alert, CESNET, https://idea.cesnet.cz): one for each
 * attack, and one for the incident that names them as what it was made of.
 */
import { categoriesOf, describeAttack } from './event-categories.ts';
import type { IncidentFacts, SharedAttack } from './incident-facts.ts';
import { uuid5 } from './uuid.ts';

const words = { intrusion: 'Intrusion.UserCompromise', malware: 'Malware' };

type Message = Record<string, unknown>;

/** Names have dots between labels of letters, digits and underscores. */
const nodesOf = (sensors: readonly string[]): Message[] =>
  sensors.map((sensor) => ({
    Name: `apiary.${sensor.replaceAll('-', '_')}`,
    Type: ['Protocol', 'Honeypot'],
    SW: ['Apiary'],
  }));

function sourcesOf(addresses: readonly { address: string; is_v6: boolean; asn?: number }[]): Message[] {
  return addresses.map(({ address, is_v6, asn }) => ({
    [is_v6 ? 'IP6' : 'IP4']: [address],
    ...(asn === undefined || asn === 0 ? {} : { ASN: [asn] }),
  }));
}

const attachmentsOf = (files: readonly string[]): Message[] =>
  files.map((hash) => ({ Handle: `file_${hash.slice(0, 16)}`, Type: ['Malware'], Hash: [`sha256:${hash}`] }));

/** Keys that begin so are left to whoever writes them. */
const ownPart = ({ incident, tlp }: IncidentFacts, techniques: readonly string[]): Message => ({
  Incident: incident.number,
  TLP: tlp.toUpperCase(),
  Techniques: techniques,
});

function writeAttack(facts: IncidentFacts, attack: SharedAttack): Message {
  const { attacker_ip: address, is_v6, attacker_asn: asn, service, cve, first_ts, last_ts } = attack;
  const is_protocol = /^[a-z0-9]+(?:-[a-z0-9]+)*$/i.test(service) && /[a-z]/i.test(service);
  return {
    Format: 'IDEA0',
    ID: uuid5(`idea attack ${attack.attack_id}`),
    CreateTime: facts.created,
    DetectTime: first_ts,
    EventTime: first_ts,
    CeaseTime: last_ts,
    Category: categoriesOf(attack, words),
    Description: describeAttack(attack),
    Note: `TLP:${facts.tlp.toUpperCase()}`,
    ...(attack.sessions > 0 ? { ConnCount: attack.sessions } : {}),
    ...(/^CVE-\d{4}-\d{4,}$/.test(cve) ? { Ref: [`cve:${cve}`] } : {}),
    ...(address === '' ? {} : { Source: sourcesOf([{ address, is_v6, asn }]) }),
    ...(is_protocol ? { Target: [{ Proto: [service], Anonymised: true }] } : {}),
    ...(attack.files.length === 0 ? {} : { Attach: attachmentsOf(attack.files) }),
    Node: nodesOf(attack.sensors),
    _Apiary: {
      ...ownPart(facts, attack.techniques),
      Stage: attack.stage,
      Tool: attack.tool,
      Urls: attack.urls,
    },
  };
}

export function writeIdea(facts: IncidentFacts): Message[] {
  const { incident, attacks, sources, narrative, files, techniques, tlp, created } = facts;
  const messages = attacks.map((attack) => writeAttack(facts, attack));
  const whole: Message = {
    Format: 'IDEA0',
    ID: uuid5(`idea incident ${incident.incident_id}`),
    CreateTime: created,
    DetectTime: incident.first_ts,
    EventTime: incident.first_ts,
    CeaseTime: incident.last_ts,
    Category: [...new Set(attacks.flatMap((attack) => categoriesOf(attack, words)))],
    Description: narrative.join(' '),
    Note: `TLP:${tlp.toUpperCase()}`,
    CorrelID: messages.map(({ ID }) => ID),
    Source: sourcesOf(sources),
    ...(files.length === 0 ? {} : { Attach: attachmentsOf(files) }),
    Node: [{ Name: 'apiary', Type: ['Correlation', 'Honeypot'], SW: ['Apiary'] }],
    _Apiary: { ...ownPart(facts, techniques), Attacker: incident.attacker, Objectives: incident.objectives },
  };
  return [whole, ...messages];
}
