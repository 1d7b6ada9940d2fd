/** An incident as a MISP event (MISP core format, draft-dulaunoy-misp-core-format). */
import { findTechnique } from '@apiary/model/attack-techniques.ts';
import type { IncidentFacts } from './incident-facts.ts';
import { uuid5 } from './uuid.ts';

const threat_levels = { high: '1', medium: '2', low: '3' } as const;

interface Attribute {
  uuid: string;
  type: string;
  category: string;
  value: string;
  to_ids: boolean;
  comment: string;
}

export function writeMisp(facts: IncidentFacts): { Event: Record<string, unknown> } {
  const { incident, created } = facts;
  const key = `misp incident ${incident.incident_id}`;
  const attribute = (type: string, category: string, value: string, comment: string): Attribute => ({
    uuid: uuid5(`${key} ${type} ${value}`),
    type,
    category,
    value,
    to_ids: true,
    comment,
  });
  const far = ['brought a tool', 'spread from here'].includes(incident.stage);
  return {
    Event: {
      uuid: uuid5(key),
      info: incident.name === '' ? `Honeypot incident ${incident.number}: ${incident.stage}` : incident.name,
      date: incident.first_ts.slice(0, 10),
      timestamp: String(Math.floor(Date.parse(created) / 1000)),
      threat_level_id: far ? threat_levels.medium : threat_levels.low,
      analysis: '2',
      distribution: facts.tlp === 'clear' ? '3' : '0',
      published: false,
      Tag: [
        { name: `tlp:${facts.tlp}` },
        // MISP knows a technique by this name alone (misp-galaxy, clusters/mitre-attack-pattern.json).
        ...facts.techniques.map((id) => ({
          name: `misp-galaxy:mitre-attack-pattern="${findTechnique(id)?.name ?? id} - ${id}"`,
        })),
        ...facts.rsit.map(({ name, type }) => ({ name: `rsit:${name}="${type}"` })),
        ...incident.families.map((family) => ({ name: `apiary:family="${family}"` })),
      ],
      Attribute: [
        ...facts.sources.map(({ address, first, last }) =>
          attribute('ip-src', 'Network activity', address, `${first} to ${last}`),
        ),
        ...facts.files.map((hash) => attribute('sha256', 'Payload delivery', hash, 'brought to a honeypot')),
        ...facts.exact.urls.map((url) =>
          attribute('url', 'Payload delivery', url, 'to be fetched by a honeypot'),
        ),
        ...(facts.cut === '' ? [] : [{ ...attribute('comment', 'Other', facts.cut, ''), to_ids: false }]),
      ],
    },
  };
}
