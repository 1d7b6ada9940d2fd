/** An incident as a STIX 2.1 bundle (OASIS, STIX Version 2.1, 2021). */
import { findTechnique } from '@apiary/model/attack-techniques.ts';
import type { IncidentFacts, Tlp } from './incident-facts.ts';
import { uuid5 } from './uuid.ts';

/** Identifiers of the marking definitions of TLP 2.0, as OASIS gives them. */
const tlp_markings: Record<Tlp, string> = {
  clear: 'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487',
  green: 'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb',
  amber: 'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421',
  red: 'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1',
};

/** The marking of TLP 2.0 as an object (OASIS, extension definition of TLP 2.0). */
export const tlpMarking = (tlp: Tlp): StixObject => ({
  type: 'marking-definition',
  spec_version: '2.1',
  id: tlp_markings[tlp],
  created: '2022-10-01T00:00:00.000Z',
  name: `TLP:${tlp.toUpperCase()}`,
  extensions: {
    'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d': {
      extension_type: 'property-extension',
      tlp_2_0: tlp,
    },
  },
});

/** Who says so. The first day of this program stands for when it was made: it never changes. */
export const apiaryIdentity = (tlp: Tlp): StixObject => ({
  type: 'identity',
  id: `identity--${uuid5('apiary')}`,
  spec_version: '2.1',
  created: '2026-01-01T00:00:00.000Z',
  modified: '2026-01-01T00:00:00.000Z',
  object_marking_refs: [tlp_markings[tlp]],
  name: 'Apiary',
  identity_class: 'system',
});

/** Quotes and backslashes of a pattern's string. */
export const quotePattern = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

export type StixObject = Record<string, unknown> & { type: string; id: string };

export function writeStix(facts: IncidentFacts): { type: 'bundle'; id: string; objects: StixObject[] } {
  const { incident, created, tlp } = facts;
  const marking = { object_marking_refs: [tlp_markings[tlp]] };
  // An object keeps the time of its making in each version.
  // Nothing is changed before it is made, also where a sensor's clock is ahead.
  const modified = created > incident.first_ts ? created : incident.first_ts;
  const common = { spec_version: '2.1', created: incident.first_ts, modified, ...marking };
  const key = `incident ${incident.incident_id}`;
  const identity = apiaryIdentity(tlp);
  const indicators = listIndicators(facts).map(
    ([name, pattern, types]): StixObject => ({
      type: 'indicator',
      id: `indicator--${uuid5(`${key} ${pattern}`)}`,
      ...common,
      created_by_ref: identity.id,
      name,
      pattern,
      pattern_type: 'stix',
      valid_from: incident.first_ts,
      indicator_types: types,
    }),
  );
  const patterns = facts.techniques.map((technique): StixObject => {
    const known = findTechnique(technique);
    return {
      type: 'attack-pattern',
      id: `attack-pattern--${uuid5(technique)}`,
      spec_version: '2.1',
      // It is the same in every incident.
      created: identity.created,
      modified: identity.modified,
      ...marking,
      created_by_ref: identity.id,
      name: known?.name ?? technique,
      ...(known === undefined
        ? {}
        : { kill_chain_phases: [{ kill_chain_name: 'mitre-attack', phase_name: known.tactic }] }),
      external_references: [
        {
          source_name: 'mitre-attack',
          external_id: technique,
          url: `https://attack.mitre.org/techniques/${technique.replace('.', '/')}`,
        },
      ],
    };
  });
  const main: StixObject = {
    type: 'incident',
    id: `incident--${uuid5(key)}`,
    ...common,
    created_by_ref: identity.id,
    name: incident.name === '' ? `Incident ${incident.number}` : incident.name,
    description: facts.narrative.join(' '),
  };
  const relations = [...indicators, ...patterns].map(
    (object): StixObject => ({
      type: 'relationship',
      id: `relationship--${uuid5(`${key} ${object.id}`)}`,
      ...common,
      created_by_ref: identity.id,
      relationship_type: 'related-to',
      source_ref: object.id,
      target_ref: main.id,
    }),
  );
  return {
    type: 'bundle',
    id: `bundle--${uuid5(`${key} ${created}`)}`,
    objects: [tlpMarking(tlp), identity, main, ...indicators, ...patterns, ...relations],
  };
}

function listIndicators({
  sources,
  files,
  exact,
}: IncidentFacts): [name: string, pattern: string, types: string[]][] {
  return [
    ...sources.map(({ address, is_v6 }): [string, string, string[]] => [
      `Attacker ${address}`,
      `[ipv${is_v6 ? '6' : '4'}-addr:value = ${quotePattern(address)}]`,
      ['malicious-activity'],
    ]),
    ...files.map((hash): [string, string, string[]] => [
      `File ${hash.slice(0, 16)}…`,
      `[file:hashes.'SHA-256' = ${quotePattern(hash)}]`,
      ['malicious-activity'],
    ]),
    ...exact.urls.map((url): [string, string, string[]] => [
      'Address of a download',
      `[url:value = ${quotePattern(url)}]`,
      ['malicious-activity'],
    ]),
  ];
}
