/**
 * A report of abuse to whoever runs the network of a source, in X-ARF 4 (https://xarf.org, schemas/v4). It is made and
 * downloaded; a person sends it. Where a honeypot stands is not in it: neither its address nor its name.
 */
import { createHash } from 'node:crypto';
import { OperationalError } from '@apiary/model/errors.ts';
import { stageRank } from '@apiary/model/taxonomy.ts';
import type { SourceContact } from '../reports/source-contacts.ts';
import type { Cleaner } from './cleaner.ts';
import type { IncidentFacts } from './incident-facts.ts';
import { uuid5 } from './uuid.ts';

const version = '4.2.0';
const description_length_max = 1000;
/** Lines of evidence in a report. */
export const contacts_max = 200;

export interface Reporter {
  organisation: string | undefined;
  contact: string | undefined;
}

/** Passwords are left out: they may be somebody's. */
function writeLine(contact: SourceContact, clean: (text: string) => string): string {
  const { detect_ts, source_port, destination_port, transport, service, action, outcome } = contact;
  const said = [contact.username, contact.command, contact.url].filter((text) => text !== '').map(clean);
  return [
    detect_ts,
    `from port ${source_port === 0 ? 'unknown' : source_port}`,
    `to ${transport === 'unknown' || transport === '' ? 'port' : transport} ${destination_port === 0 ? 'unknown' : destination_port}`,
    service,
    outcome === 'unknown' ? action : `${action} (${outcome})`,
    ...said.map((text) => JSON.stringify(text)),
  ]
    .filter((text) => text !== '')
    .join(' ');
}

function typeOf(
  facts: IncidentFacts,
  address: string,
  source_port: number | undefined,
): Record<string, unknown> {
  const its = facts.attacks.filter(({ attacker_ip }) => attacker_ip === address);
  // The schema asks for the source's port where a log-in or a port scan is reported.
  if (source_port === undefined) return { type: 'vulnerability_scan', scan_type: 'mixed' };
  if (its.some(({ tried_log_in }) => tried_log_in)) return { type: 'login_attack', source_port };
  if (its.every(({ stage }) => stage === 'probed')) return { type: 'port_scan', source_port };
  return { type: 'vulnerability_scan', scan_type: 'vulnerability_scan', source_port };
}

function evidenceOf(lines: readonly string[], is_cut: boolean): Record<string, unknown> {
  const bytes = Buffer.from(`${lines.join('\n')}${is_cut ? '\n…' : ''}\n`);
  return {
    content_type: 'text/plain',
    description: `What honeypots recorded, times in UTC${is_cut ? `; the first ${lines.length} lines` : ''}`,
    payload: bytes.toString('base64'),
    hash: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    size: bytes.length,
  };
}

/**
 * @param contacts what the source did, one more than `contacts_max` where there is more
 * @throws OperationalError config_invalid where nothing says who reports; not_found for an address that is no source
 */
export function writeXarf(
  facts: IncidentFacts,
  address: string,
  contacts: readonly SourceContact[],
  { organisation, contact }: Reporter,
  { clean }: Cleaner,
): Record<string, unknown> {
  const source = facts.sources.find((one) => one.address === address);
  if (source === undefined)
    throw new OperationalError('not_found', `${address} is no source of incident ${facts.incident.number}`);
  if (organisation === undefined || contact === undefined)
    throw new OperationalError(
      'config_invalid',
      'an abuse report names who reports: set sharing.organisation and sharing.contact in apiary.yaml',
    );
  const party = { org: organisation, contact, domain: contact.slice(contact.lastIndexOf('@') + 1) };
  const { incident, tlp } = facts;
  const shown = contacts.slice(0, contacts_max);
  const [numbered] = shown.filter(({ source_port }) => source_port > 0);
  const destination_port = shown.find((one) => one.destination_port > 0)?.destination_port;
  const transport = shown.find((one) => ['tcp', 'udp'].includes(one.transport))?.transport ?? 'tcp';
  const its = facts.attacks.filter(({ attacker_ip }) => attacker_ip === address);
  const farthest = its
    .map(({ stage }) => stage)
    .reduce((most, stage) => (stageRank(stage) > stageRank(most) ? stage : most), its[0]!.stage);
  const services = [...new Set(its.map(({ service }) => service))].filter((name) => name !== '');
  const description = `Incident ${incident.number}: ${address} attacked honeypots${services.length === 0 ? '' : ` (${services.join(', ')})`} from ${source.first} to ${source.last}. Farthest: ${farthest}.`;
  return {
    xarf_version: version,
    report_id: uuid5(`xarf ${incident.incident_id} ${address} ${source.last}`),
    timestamp: source.first,
    reporter: party,
    sender: party,
    source_identifier: address,
    category: 'connection',
    ...typeOf(facts, address, numbered?.source_port),
    ...(destination_port === undefined ? {} : { destination_port }),
    protocol: transport,
    first_seen: source.first,
    last_seen: source.last,
    evidence_source: 'honeypot',
    evidence: [
      evidenceOf(
        shown.map((one) => writeLine(one, clean)),
        contacts.length > contacts_max,
      ),
    ],
    tags: [`tlp:${tlp}`],
    description: description.slice(0, description_length_max),
  };
}
