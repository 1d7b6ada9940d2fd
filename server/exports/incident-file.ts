/** An incident in the formats that others read. */
import { randomBytes } from 'node:crypto';
import type { Incident } from '@apiary/model/api/incidents.ts';
import type { IncidentFormat } from '@apiary/model/incident-words.ts';
import type { StateDatabase } from '../state/database.ts';
import { describeInventory } from '../state/inventory-list.ts';
import { writeCsv } from './csv.ts';
import { writeIdsRules, writeNftables, writeSigma } from './detection-rules.ts';
import { gatherFacts, type IncidentFacts, type Tlp } from './incident-facts.ts';
import { writeMisp } from './misp.ts';
import { writeStix } from './stix.ts';

const secret_bytes = 32;

/** The key of pseudonyms, made once. */
function readSecret(state: StateDatabase): Buffer {
  const row = state.get<{ value: string }>("SELECT value FROM setting WHERE name = 'pseudonym_key'");
  if (row !== undefined) return Buffer.from(row.value, 'hex');
  const secret = randomBytes(secret_bytes);
  state.run("INSERT INTO setting VALUES ('pseudonym_key', ?)", secret.toString('hex'));
  return secret;
}

/** Names and addresses that say where a honeypot stands. */
function listPrivateWords(state: StateDatabase): string[] {
  const { honeypots, sensors, honeynets } = describeInventory(state);
  return [
    ...honeynets.map(({ name }) => name),
    ...honeypots.flatMap(({ name, location, addresses }) => [
      name,
      location,
      ...addresses.map(({ address }) => address),
    ]),
    ...sensors.map(({ name }) => name),
  ];
}

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

function writeIndicators({ sources, files, urls, tlp }: IncidentFacts): string {
  return writeCsv(
    ['type', 'value', 'first', 'last', 'tlp'],
    [
      ...sources.map(({ address, first, last }) => ['address', address, first, last, tlp]),
      ...files.map((hash) => ['sha256', hash, '', '', tlp]),
      ...urls.map((url) => ['url', url, '', '', tlp]),
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
  const options = { tlp, secret: readSecret(state), private_words: listPrivateWords(state), now_ms };
  const facts = gatherFacts(data, options);
  const { type, extension, write } = writers[format];
  return { name: `incident-${data.incident.number}-${format}.${extension}`, type, text: write(facts) };
}
