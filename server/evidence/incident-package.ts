/**
 * An incident as evidence: a ZIP of what was recorded, byte for byte, with where it came from, and a signed manifest.
 *
 *     manifest.json             what is in the package, with the SHA-256 of each file
 *     manifest.signature.json   the signature over manifest.json, and its chain of certificates
 *     incident.json             the incident as it stands: attacks, links, reasons, judgements
 *     events.jsonl              its events, each with the place of its record
 *     records.jsonl             the records: raw bytes as base64, their hash and their place
 *     sensors.json              its sensors, by which collectors their records came, and these' certificates
 *     files.json                whole files that its events name: hashes and sizes, not their bytes
 *     days/                     the signed days on which its records were received, as far as they are signed
 *     README.txt                how to check it without Apiary
 */
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { OperationalError } from '@apiary/model/errors.ts';
import { configure, ZipWriter } from '@zip.js/zip.js';
import type { Authority } from '../pki/authority.ts';
import { findIncidentId, readIncident } from '../reports/incidents.ts';
import type { StateDatabase } from '../state/database.ts';
import type { Store } from '../store/store.ts';
import type { DayChain } from './day-chain.ts';
import { listEvents, visitRecords } from './incident-records.ts';

// A worker would be loaded from a blob; the work is little.
configure({ useWebWorkers: false });

export interface PackageOptions {
  store: Store;
  state: StateDatabase;
  authority: Authority;
  chain: DayChain;
  version: string;
}

export interface Manifest {
  form: 1;
  incident: number;
  made: string;
  made_by: string;
  apiary: string;
  events: number;
  records: number;
  /** Records of events that have expired or were erased. */
  records_missing: number;
  files: { name: string; bytes: number; sha256: string }[];
}

const readme = `This package holds an incident that honeypots recorded, as evidence.

manifest.json lists every file with its SHA-256; manifest.signature.json holds the signature over manifest.json and the
certificates that lead from it to the root of the installation that made it. To check it with Apiary:

  apiary verify PACKAGE.zip --authority sha256:FINGERPRINT

or without: take "signature" out of manifest.signature.json into manifest.sig (it is base64), and the three certificates
of "chain", in their order, into leaf.pem, intermediate.pem and root.pem, then

  openssl x509 -in root.pem -noout -fingerprint -sha256
  openssl verify -no_check_time -CAfile root.pem -untrusted intermediate.pem leaf.pem
  openssl x509 -in leaf.pem -noout -ext extendedKeyUsage
  openssl x509 -in leaf.pem -pubkey -noout > key.pem
  openssl dgst -sha256 -verify key.pem -signature manifest.sig manifest.json
  sha256sum *

The first must be the fingerprint that you were given on another way than this package; the third must say that there is
no such extension, because a certificate that has it belongs to a collector or gateway, which may not sign evidence. The
hashes must be those in manifest.json.

records.jsonl has one record a line: raw_base64 holds the bytes as the sensor wrote them, raw_sha256 their hash, source,
generation, place and version where they stood. days/ holds the signed documents of the days on which they were received.
`;

/** Bytes that go into the package, counted and hashed on their way. */
class Entry {
  readonly #hash = createHash('sha256');
  bytes = 0;

  note(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.bytes += chunk.length;
  }

  describe(name: string): Manifest['files'][number] {
    return { name, bytes: this.bytes, sha256: this.#hash.digest('hex') };
  }
}

class Package {
  readonly files: Manifest['files'] = [];
  readonly #zip: ZipWriter<unknown>;

  constructor(path: string) {
    this.#zip = new ZipWriter(Writable.toWeb(createWriteStream(path, { mode: 0o600, flags: 'wx' })));
  }

  async add(name: string, chunks: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void> {
    const entry = new Entry();
    async function* noted(): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        entry.note(chunk);
        yield chunk;
      }
    }
    await this.#zip.add(name, Readable.toWeb(Readable.from(noted())) as ReadableStream<Uint8Array>);
    this.files.push(entry.describe(name));
  }

  addText(name: string, text: string): Promise<void> {
    return this.add(name, [Buffer.from(text)]);
  }

  async close(): Promise<void> {
    await this.#zip.close();
  }
}

const asLines = (rows: readonly object[]): Buffer =>
  Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const asText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** By which collectors a sensor's records came, and the certificates that these ever had. */
function describeSensors(state: StateDatabase, sensor_ids: readonly number[]): object[] {
  const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return sensor_ids.map((sensor_id) => ({
    ...state.get<{ name: string; type: string }>(
      'SELECT sensor_id, name, type FROM sensor WHERE sensor_id = ?',
      sensor_id,
    ),
    collectors: state
      .all<{ collector_id: number; name: string; valid_from_ms: number; valid_to_ms: number | null }>(
        `SELECT collector_id, name, valid_from_ms, valid_to_ms FROM sensor_collector JOIN collector USING (collector_id)
         WHERE sensor_id = ? ORDER BY valid_from_ms`,
        sensor_id,
      )
      .map(({ collector_id, name, valid_from_ms, valid_to_ms }) => ({
        name,
        from: time(valid_from_ms),
        to: time(valid_to_ms),
        certificates: state
          .all<{
            serial: string;
            issued_ms: number;
            ends_ms: number;
            revoked_ms: number | null;
            reason: string;
          }>(
            'SELECT serial, issued_ms, ends_ms, revoked_ms, reason FROM certificate WHERE collector_id = ? ORDER BY issued_ms',
            collector_id,
          )
          .map(({ serial, issued_ms, ends_ms, revoked_ms, reason }) => ({
            serial,
            issued: time(issued_ms),
            ends: time(ends_ms),
            revoked: time(revoked_ms),
            reason,
          })),
      })),
  }));
}

/**
 * @param path of the package; it must not be there yet
 * @throws OperationalError not_found, `conflict` where the path is taken, query_too_large
 */
export async function writePackage(
  options: PackageOptions,
  number: number,
  made_by: string,
  path: string,
  now_ms: number,
): Promise<Manifest> {
  const { store, state } = options;
  const events = await listEvents(store, await findIncidentId({ store, state }, number));
  if (existsSync(path)) throw new OperationalError('conflict', `${path} is there already`);
  const partial = `${path}.partial`;
  rmSync(partial, { force: true });
  const zip = new Package(partial);
  try {
    const manifest = await fillPackage(options, zip, number, made_by, events, now_ms);
    const bytes = Buffer.from(asText(manifest));
    await zip.add('manifest.json', [bytes]);
    await zip.addText('manifest.signature.json', asText(await options.authority.sign(bytes, now_ms)));
    await zip.close();
    renameSync(partial, path);
    return manifest;
  } catch (error) {
    rmSync(partial, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EROFS' || code === 'ENOSPC')
      throw new OperationalError('conflict', `${path} cannot be written: ${message}`, {}, error);
    throw error;
  }
}

async function fillPackage(
  { store, state, chain, version }: PackageOptions,
  zip: Package,
  number: number,
  made_by: string,
  events: Awaited<ReturnType<typeof listEvents>>,
  now_ms: number,
): Promise<Manifest> {
  await zip.addText('README.txt', readme);
  await zip.addText('incident.json', asText(await readIncident({ store, state }, number)));
  await zip.add('events.jsonl', [asLines(events)]);
  const pieces: Buffer[] = [];
  const days = new Set<string>();
  const records = await visitRecords(store, events, async (some) => {
    for (const { collect_ts } of some) days.add(collect_ts.slice(0, 10));
    pieces.push(asLines(some));
  });
  await zip.add('records.jsonl', pieces);
  const sensor_ids = [...new Set(events.map(({ sensor_id }) => sensor_id))].sort((a, b) => a - b);
  await zip.addText('sensors.json', asText(describeSensors(state, sensor_ids)));
  const hashes = new Set(events.map(({ file_sha256 }) => file_sha256));
  hashes.delete('');
  await zip.addText(
    'files.json',
    asText(
      [...hashes].sort().map((sha256) => ({
        sha256,
        size: state.get<{ size: number }>('SELECT size FROM artifact WHERE sha256 = ?', sha256)?.size ?? null,
      })),
    ),
  );
  for (const day of chain.days().filter((one) => days.has(one))) {
    const { bytes, signature } = chain.read(day);
    await zip.add(`days/${day}.json`, [bytes]);
    await zip.addText(`days/${day}.signature.json`, asText(signature));
  }
  const places = new Set(
    events.map(
      ({ sensor_table, sensor_id, generation, place, version: of }) =>
        `${sensor_table} ${sensor_id} ${generation} ${place} ${of}`,
    ),
  );
  return {
    form: 1,
    incident: number,
    made: new Date(now_ms).toISOString(),
    made_by,
    apiary: version,
    events: events.length,
    records,
    records_missing: places.size - records,
    files: zip.files.slice(),
  };
}
