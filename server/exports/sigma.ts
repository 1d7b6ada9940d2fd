/** An incident as Sigma rules (Sigma rules specification 2.0): commands that were typed, and URLs that were fetched. */
import type { IncidentFacts } from './incident-facts.ts';
import { isTelling } from './telling.ts';
import { uuid5 } from './uuid.ts';

const values_max = 30;
/** Shorter commands are everybody's. */
const command_length_min = 12;
/** That of http://1.2.3.4/: shorter ones name nobody on the internet. */
const url_length_min = 15;

/**
 * JSON's strings are YAML's, but that YAML takes some characters only escaped (YAML 1.2.2, section 5.1; the delete key is
 * one). `*`, `?` and `\` mean something to Sigma itself (specification, escaping).
 */
const writeValue = (text: string): string =>
  JSON.stringify(text.toWellFormed().replace(/[\\*?]/g, '\\$&')).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

interface SigmaRule {
  about: string;
  title: string;
  description: string;
  logsource: string[];
  field: string;
  values: string[];
}

function writeRule(
  { incident, techniques, tlp, created }: IncidentFacts,
  { about, title, description, logsource, field, values }: SigmaRule,
): string {
  const tags = [...techniques.map((id) => `attack.${id.toLowerCase()}`), `tlp.${tlp}`];
  return `title: ${title} of honeypot incident ${incident.number}
id: ${uuid5(`sigma ${incident.incident_id} ${about}`)}
status: experimental
description: ${description} in incident ${incident.number}
author: Apiary
date: ${created.slice(0, 10)}
tags:
${tags.map((tag) => `  - ${tag}`).join('\n')}
logsource:
${logsource.map((line) => `  ${line}`).join('\n')}
detection:
  selection:
    ${field}|contains:
${values.map((value) => `      - ${writeValue(value)}`).join('\n')}
  condition: selection
falsepositives:
  - Whoever has the same habit
level: medium
`;
}

/** Documents of YAML; '' where nothing telling was typed or fetched. */
export function writeSigma(facts: IncidentFacts): string {
  const commands = facts.exact.commands.filter((command) => isTelling(command, command_length_min));
  const urls = facts.exact.urls
    .filter((url) => /^https?:\/\/[^/]/i.test(url))
    .map((url) => (/^https?:\/\/[^/?#]+$/i.test(url) ? `${url}/` : url))
    .filter((url) => isTelling(url, url_length_min));
  const rules: SigmaRule[] = [
    {
      about: 'commands',
      title: 'Commands',
      description: 'Commands that were typed on honeypots',
      logsource: ['product: linux', 'category: process_creation'],
      field: 'CommandLine',
      values: commands.slice(0, values_max),
    },
    {
      about: 'urls',
      title: 'Downloads',
      description: 'Addresses from which honeypots were to fetch something',
      logsource: ['category: proxy'],
      field: 'c-uri',
      values: urls.slice(0, values_max),
    },
  ];
  return rules
    .filter(({ values }) => values.length > 0)
    .map((rule) => writeRule(facts, rule))
    .join('---\n');
}
