/** An incident as Sigma rules (Sigma rules specification 2.0): commands that were typed, and URLs that were fetched. */
import type { IncidentFacts } from './incident-facts.ts';
import { uuid5 } from './uuid.ts';

const values_max = 30;
/** Shorter commands are everybody's. */
const command_length_min = 12;

/** JSON's strings are YAML's; `*`, `?` and `\` mean something to Sigma itself (specification, escaping). */
const writeValue = (text: string): string => JSON.stringify(text.toWellFormed().replace(/[\\*?]/g, '\\$&'));

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
  const commands = facts.exact.commands.filter(({ length }) => length >= command_length_min);
  const urls = facts.exact.urls.filter((url) => /^https?:/i.test(url));
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
