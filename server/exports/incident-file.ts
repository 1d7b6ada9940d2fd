/** An incident in the formats that others read. */
import type { Incident } from '@apiary/model/api/incidents.ts';
import type { IncidentFormat } from '@apiary/model/incident-words.ts';
import type { StateDatabase } from '../state/database.ts';
import { makeCleaner } from './cleaner.ts';
import { writeCsv } from './csv.ts';
import { writeIdsRules, writeNftables, writeSigma } from './detection-rules.ts';
import { writeIdea } from './idea.ts';
import { writeIdmef } from './idmef.ts';
import { writeIdmefv2 } from './idmefv2.ts';
import { gatherFacts, type IncidentFacts, type Tlp } from './incident-facts.ts';
import { writeMisp } from './misp.ts';
import { writeStix } from './stix.ts';

const writers: Record<
  IncidentFormat,
  { type: string; extension: string; write: (facts: IncidentFacts) => string }
> = {
  stix: {
    type: 'application/stix+json;version=2.1',
    extension: 'json',
    write: (facts) => JSON.stringify(writeStix(facts), null, 2),
  },
  misp: {
    type: 'application/json',
    extension: 'json',
    write: (facts) => JSON.stringify(writeMisp(facts), null, 2),
  },
  idea: {
    type: 'application/json',
    extension: 'json',
    write: (facts) => JSON.stringify(writeIdea(facts), null, 2),
  },
  idmef: { type: 'application/xml', extension: 'xml', write: writeIdmef },
  idmefv2: {
    type: 'application/json',
    extension: 'json',
    write: (facts) => JSON.stringify(writeIdmefv2(facts), null, 2),
  },
  csv: { type: 'text/csv; charset=utf-8', extension: 'csv', write: writeIndicators },
  suricata: { type: 'text/plain; charset=utf-8', extension: 'rules', write: (facts) => writeIdsRules(facts) },
  snort: {
    type: 'text/plain; charset=utf-8',
    extension: 'rules',
    write: (facts) => writeIdsRules(facts, true),
  },
  nftables: { type: 'text/plain; charset=utf-8', extension: 'nft', write: writeNftables },
  sigma: { type: 'text/plain; charset=utf-8', extension: 'yml', write: writeSigma },
};

function writeIndicators({ sources, files, exact, tlp }: IncidentFacts): string {
  return writeCsv(
    ['type', 'value', 'first', 'last', 'tlp'],
    [
      ...sources.map(({ address, first, last }) => ['address', address, first, last, tlp]),
      ...files.map((hash) => ['sha256', hash, '', '', tlp]),
      ...exact.urls.map((url) => ['url', url, '', '', tlp]),
    ],
  );
}

export function writeIncident(
  state: StateDatabase,
  data: Incident,
  format: IncidentFormat,
  tlp: Tlp,
  now_ms: number,
): { name: string; type: string; text: string } {
  const facts = gatherFacts(data, { tlp, cleaner: makeCleaner(state), now_ms });
  const { type, extension, write } = writers[format];
  return { name: `incident-${data.incident.number}-${format}.${extension}`, type, text: write(facts) };
}
