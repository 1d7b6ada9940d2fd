/** An incident in IDMEF (RFC 4765): an alert for each attack, and a correlation alert for the incident. */
import { stageRank } from '@apiary/model/taxonomy.ts';
import { describeAttack } from './event-categories.ts';
import type { IncidentFacts, SharedAttack } from './incident-facts.ts';

/** From 1900, the beginning of NTP's time, to 1970. */
const ntp_offset_seconds = 2_208_988_800;

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Text of an attacker: no markup of it works, and what XML 1.0 cannot hold shows as such. */
const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (character) => escapes[character]!);

type Attributes = Record<string, string>;

function element(name: string, attributes: Attributes, ...content: string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  return `<${name}${written.join('')}>${content.join('')}</${name}>`;
}
const textOf = (name: string, text: string, attributes: Attributes = {}): string =>
  element(name, attributes, escapeXml(text));

/** @param iso with microseconds, as the API gives it */
function timeOf(name: string, iso: string): string {
  const seconds = Math.floor(Date.parse(iso) / 1000) + ntp_offset_seconds;
  const fraction = Number(`0${/\.\d+/.exec(iso)?.[0] ?? ''}`);
  const hex = (value: number): string => `0x${Math.floor(value).toString(16).padStart(8, '0')}`;
  return textOf(name, iso, { ntpstamp: `${hex(seconds)}.${hex(fraction * 2 ** 32)}` });
}

const additional = (meaning: string, values: readonly string[]): string[] =>
  values.map((value) => element('AdditionalData', { type: 'string', meaning }, textOf('string', value)));

const sourceOf = (address: string, is_v6: boolean): string =>
  element(
    'Source',
    {},
    element(
      'Node',
      {},
      element('Address', { category: is_v6 ? 'ipv6-addr' : 'ipv4-addr' }, textOf('address', address)),
    ),
  );

function assessmentOf(stage: string, is_denial: boolean, tried_log_in: boolean): string {
  const rank = stageRank(stage);
  const severity = rank === 0 ? 'info' : rank === 1 ? 'low' : rank < 4 ? 'medium' : 'high';
  const type = is_denial ? 'dos' : rank === 0 ? 'recon' : tried_log_in ? 'user' : 'other';
  return element(
    'Assessment',
    {},
    element('Impact', { severity, completion: rank >= 2 ? 'succeeded' : 'failed', type }),
  );
}

const analyzer = (id: string): string =>
  element('Analyzer', { analyzerid: id, name: 'Apiary', class: 'honeypot' });

function writeAttack({ tlp, created }: IncidentFacts, attack: SharedAttack): string {
  const { attacker_ip, is_v6, service, cve, sensors } = attack;
  const reference = /^CVE-\d{4}-\d{4,}$/.test(cve)
    ? [
        element(
          'Reference',
          { origin: 'cve' },
          textOf('name', cve),
          textOf('url', `https://www.cve.org/CVERecord?id=${cve}`),
        ),
      ]
    : [];
  return element(
    'Alert',
    { messageid: `apiary-attack-${attack.attack_id}` },
    analyzer(sensors[0] ?? 'apiary'),
    timeOf('CreateTime', created),
    timeOf('DetectTime', attack.first_ts),
    ...(attacker_ip === '' ? [] : [sourceOf(attacker_ip, is_v6)]),
    element(
      'Target',
      { decoy: 'yes' },
      ...(service === '' ? [] : [element('Service', {}, textOf('name', service))]),
    ),
    element('Classification', { text: describeAttack(attack) }, ...reference),
    assessmentOf(attack.stage, attack.is_denial, attack.tried_log_in),
    ...additional('tlp', [tlp]),
    ...additional('end of the attack', [attack.last_ts]),
    ...additional('sensor', sensors),
    ...additional('mitre-attack', attack.techniques),
    ...additional('sha256', attack.files),
    ...additional('url', attack.urls),
    ...additional('command', attack.commands),
  );
}

function writeAlerts(facts: IncidentFacts): string[] {
  const { incident, attacks, narrative, sources, tlp, created } = facts;
  const name = incident.name === '' ? `Honeypot incident ${incident.number}` : incident.name;
  const whole = element(
    'Alert',
    { messageid: `apiary-incident-${incident.incident_id}` },
    analyzer('apiary'),
    timeOf('CreateTime', created),
    timeOf('DetectTime', incident.first_ts),
    ...sources.map(({ address, is_v6 }) => sourceOf(address, is_v6)),
    element('Classification', { text: name }),
    assessmentOf(
      incident.stage,
      attacks.some(({ is_denial }) => is_denial),
      attacks.some(({ tried_log_in }) => tried_log_in),
    ),
    // The type of the document asks for one alert at least.
    ...(attacks.length === 0
      ? []
      : [
          element(
            'CorrelationAlert',
            {},
            textOf('name', name),
            ...attacks.map(({ attack_id }) => textOf('alertident', `apiary-attack-${attack_id}`)),
          ),
        ]),
    ...additional('tlp', [tlp]),
    ...additional('incident', [String(incident.number)]),
    ...additional('narrative', narrative),
  );
  return [whole, ...attacks.map((attack) => writeAttack(facts, attack))];
}

/** @param incidents one, or several in one message */
export function writeIdmef(...incidents: readonly IncidentFacts[]): string {
  const alerts = incidents.flatMap(writeAlerts);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<IDMEF-Message xmlns="http://iana.org/idmef" version="1.0">\n${alerts.join('\n')}\n</IDMEF-Message>\n`;
}
