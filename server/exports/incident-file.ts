/** An incident in the formats that others read. */
import type { ArtifactContent } from '@apiary/model/api/artifacts.ts';
import type { Incident } from '@apiary/model/api/incidents.ts';
import type { IncidentFormat, SetFormat } from '@apiary/model/incident-words.ts';
import type { StateDatabase } from '../state/database.ts';
import { makeCleaner } from './cleaner.ts';
import { writeCsv } from './csv.ts';
import { writeIdsRules, writeNftables } from './detection-rules.ts';
import { writeIdea } from './idea.ts';
import { writeIdmef } from './idmef.ts';
import { writeIdmefv2 } from './idmefv2.ts';
import { gatherFacts, type IncidentFacts, type Tlp } from './incident-facts.ts';
import { writeIncidentHtml } from './incident-html.ts';
import { writeMisp } from './misp.ts';
import { tellValidity } from './rule-check.ts';
import { writeSigma } from './sigma.ts';
import { writeStix } from './stix.ts';
import { uuid5 } from './uuid.ts';
import { writeYara } from './yara.ts';

const plain = 'text/plain; charset=utf-8';

interface Writer {
  type: string;
  extension: string;
  /** Rules: what begins a comment. They are run through the program that they are for. */
  comment?: string;
  write: (
    facts: IncidentFacts,
    contents: readonly ArtifactContent[],
    isClean: (text: string) => boolean,
  ) => string;
}

const writers: Record<IncidentFormat, Writer> = {
  html: { type: 'text/html; charset=utf-8', extension: 'html', write: writeIncidentHtml },
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
  idmef: { type: 'application/xml', extension: 'xml', write: (facts) => writeIdmef(facts) },
  idmefv2: {
    type: 'application/json',
    extension: 'json',
    write: (facts) => JSON.stringify(writeIdmefv2(facts), null, 2),
  },
  csv: { type: 'text/csv; charset=utf-8', extension: 'csv', write: (facts) => writeIndicators(facts) },
  suricata: { type: plain, extension: 'rules', comment: '#', write: (facts) => writeIdsRules(facts) },
  snort: { type: plain, extension: 'rules', comment: '#', write: (facts) => writeIdsRules(facts, true) },
  nftables: { type: plain, extension: 'nft', comment: '#', write: writeNftables },
  sigma: { type: plain, extension: 'yml', comment: '#', write: writeSigma },
  yara: {
    type: plain,
    extension: 'yar',
    comment: '//',
    write: (facts, contents, isClean) => writeYara(facts, contents, isClean),
  },
};

function writeIndicators(...incidents: readonly IncidentFacts[]): string {
  return writeCsv(
    ['type', 'value', 'first', 'last', 'tlp', 'incident'],
    incidents.flatMap(({ sources, files, exact, tlp, cut, incident: { number } }) => [
      ...sources.map(({ address, first, last }) => ['address', address, first, last, tlp, number]),
      ...files.map((hash) => ['sha256', hash, '', '', tlp, number]),
      ...exact.urls.map((url) => ['url', url, '', '', tlp, number]),
      ...(cut === '' ? [] : [['note', cut, '', '', tlp, number]]),
    ]),
  );
}

/** Bundles as one: what several incidents share is in it once. */
function joinBundles(incidents: readonly IncidentFacts[]): object {
  const objects = new Map(incidents.flatMap((facts) => writeStix(facts).objects.map((one) => [one.id, one])));
  const about = incidents.map(({ incident, created }) => `${incident.incident_id} ${created}`);
  return { type: 'bundle', id: `bundle--${uuid5(about.join(' '))}`, objects: [...objects.values()] };
}

const show = (value: unknown): string => JSON.stringify(value, null, 2);
const set_writers: Record<SetFormat, (incidents: readonly IncidentFacts[]) => string> = {
  stix: (incidents) => show(joinBundles(incidents)),
  // As MISP itself exports several.
  misp: (incidents) => show({ response: incidents.map(writeMisp) }),
  idea: (incidents) => show(incidents.flatMap(writeIdea)),
  idmef: (incidents) => writeIdmef(...incidents),
  idmefv2: (incidents) => show(incidents.flatMap(writeIdmefv2)),
  csv: (incidents) => writeIndicators(...incidents),
};

export interface IncidentFile {
  name: string;
  type: string;
  text: string;
}

/**
 * @param reached addresses at which honeypots were reached meanwhile
 * @param contents of the incident's files whose bytes are here
 */
export async function writeIncident(
  state: StateDatabase,
  data: Incident,
  format: IncidentFormat,
  tlp: Tlp,
  now_ms: number,
  reached: readonly string[],
  contents: readonly ArtifactContent[] = [],
): Promise<IncidentFile> {
  const cleaner = makeCleaner(state, reached);
  const facts = gatherFacts(data, { tlp, cleaner, now_ms });
  const { type, extension, comment, write } = writers[format];
  const text = write(facts, contents, cleaner.isClean);
  const name = `incident-${data.incident.number}-${format}.${extension}`;
  if (comment === undefined) return { name, type, text };
  const head = [
    `Apiary, incident ${data.incident.number}, TLP:${tlp.toUpperCase()}, made ${facts.created}.`,
    ...(facts.cut === '' ? [] : [facts.cut]),
    text === '' ? 'Nothing was seen that such a rule could match.' : await tellValidity(format, text),
  ];
  return { name, type, text: `${head.map((line) => `${comment} ${line}\n`).join('')}${text}` };
}

/** Several incidents in one file. @param reached addresses at which honeypots were reached meanwhile */
export function writeIncidents(
  state: StateDatabase,
  list: readonly Incident[],
  format: SetFormat,
  tlp: Tlp,
  now_ms: number,
  reached: readonly string[],
): IncidentFile {
  const cleaner = makeCleaner(state, reached);
  const facts = list.map((data) => gatherFacts(data, { tlp, cleaner, now_ms }));
  const { type, extension } = writers[format];
  return { name: `incidents-${format}.${extension}`, type, text: set_writers[format](facts) };
}
