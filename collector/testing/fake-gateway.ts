/**
 * A gateway for tests: takes batches over mutual TLS in the order of each chain, and keeps every record by
 * generation and place, so that a test can count independently of what the collector says.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type BatchHeader, hashBatch, openBody, readHeader, visitRun } from '@apiary/model/batch.ts';
import type { Heartbeat } from '@apiary/model/protocol.ts';
import { gateway_name, type TestAuthority } from './certificates.ts';

export interface KeptRecord {
  sensor: string;
  stream: string;
  generation: string;
  place: string;
  flags: number;
  original_size: number;
  text: string;
  bytes: Buffer;
}

export interface FakeReply {
  status: number;
  value: unknown;
}

export class FakeGateway {
  readonly authority: TestAuthority;
  /** By sensor, stream, generation and place; the last version of each. */
  readonly records = new Map<string, KeptRecord>();
  readonly headers: BatchHeader[] = [];
  readonly beats: Heartbeat[] = [];
  readonly arrivals: { sensor: string; seq: number; at_ms: number; oldest: number }[] = [];
  /** Records received, doubles counted. */
  received = 0;
  received_bytes = 0;
  keeps_records = true;
  renew = false;
  /** Called before a batch is taken; a reply stands in for taking it. */
  intercept: (header: BatchHeader) => FakeReply | undefined | Promise<FakeReply | undefined> = () =>
    undefined;
  /** Whole files by their hash, as they came; and what stands in for taking one. */
  readonly artifacts = new Map<string, { sensor: string; bytes: Buffer }>();
  readonly offers: { sensor: string; sha256: string; size: number }[] = [];
  interceptArtifact: (sensor: string, sha256: string) => FakeReply | undefined = () => undefined;
  readonly chains = new Map<string, { seq: number; hash: string; hashes: Map<number, string> }>();
  readonly #server: Server;
  readonly enrolled: string[] = [];
  servernames: unknown[] = [];
  request_headers: string[][] = [];

  constructor(authority: TestAuthority) {
    this.authority = authority;
    const { key, chain } = authority.issue('server', gateway_name);
    this.#server = createServer(
      {
        ...{ key, cert: chain + authority.root, ca: [authority.root], requestCert: true },
        ...{ rejectUnauthorized: true, minVersion: 'TLSv1.3' },
      },
      (request, response) => {
        const chunks: Buffer[] = [];
        this.request_headers.push(request.rawHeaders);
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          void this.#answer(request.url ?? '', Buffer.concat(chunks)).then(({ status, value }) => {
            response.writeHead(status, { 'content-type': 'application/json' });
            response.end(JSON.stringify(value));
          });
        });
      },
    );
    this.#server.on('secureConnection', (socket) =>
      this.servernames.push([socket.servername, socket.alpnProtocol]),
    );
  }

  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Writes what enrolment would have left in a state directory. */
  enrolHere(dir: string, port = this.port): void {
    mkdirSync(dir, { recursive: true });
    const { key, chain } = this.authority.issue('client', 'c1');
    writeFileSync(join(dir, 'key.pem'), key);
    writeFileSync(join(dir, 'cert.pem'), chain);
    writeFileSync(join(dir, 'authority.pem'), this.authority.root);
    const gateway = `127.0.0.1:${port}`;
    writeFileSync(
      join(dir, 'enrolment.json'),
      JSON.stringify({ collector: 'c1', gateway, enrolment: gateway, gateway_name }),
    );
  }

  async #answer(url: string, body: Buffer): Promise<FakeReply> {
    if (url.startsWith('/b'))
      return this.#takeBatch(body, Number(new URL(url, 'https://x').searchParams.get('oldest')));
    if (url.startsWith('/a')) return this.#takeArtifact(new URL(url, 'https://x').searchParams, body);
    if (url === '/h') {
      const beat = JSON.parse(body.toString()) as Heartbeat;
      this.beats.push(beat);
      const now = Date.now();
      const sensors = beat.sensors.map((sensor) => sensor.sensor);
      return { status: 200, value: { received_ms: now, answered_ms: now, sensors, renew: this.renew } };
    }
    if (url === '/r') {
      this.renew = false;
      const { csr } = JSON.parse(body.toString()) as { csr: string };
      const value = {
        certificate: this.authority.certify(csr),
        authority: this.authority.root,
        gateway_name,
      };
      return { status: 200, value };
    }
    return { status: 404, value: {} };
  }

  #takeArtifact(query: URLSearchParams, bytes: Buffer): FakeReply {
    const sensor = query.get('sensor') ?? '';
    const sha256 = query.get('sha256') ?? '';
    this.offers.push({ sensor, sha256, size: bytes.length });
    const instead = this.interceptArtifact(sensor, sha256);
    if (instead !== undefined) return instead;
    this.artifacts.set(sha256, { sensor, bytes });
    return { status: 200, value: { status: 'durable', sha256 } };
  }

  async #takeBatch(body: Buffer, oldest: number): Promise<FakeReply> {
    const { header, body_offset } = readHeader(body);
    this.arrivals.push({ sensor: header.sensor, seq: header.seq, at_ms: Date.now(), oldest });
    const instead = await this.intercept(header);
    if (instead !== undefined) return instead;
    const hash = hashBatch(body);
    const chain = this.chains.get(header.spool_id) ?? { seq: 0, hash: '', hashes: new Map() };
    this.chains.set(header.spool_id, chain);
    if (chain.hashes.get(header.seq) === hash) {
      return { status: 200, value: { status: 'known', seq: header.seq, hash } };
    }
    const is_next = header.seq === chain.seq + 1 && header.prev === chain.hash;
    const is_behind_loss = header.seq > chain.seq + 1 && oldest >= header.seq;
    if (!is_next && !is_behind_loss) {
      const details = { expected_seq: chain.seq + 1 };
      return {
        status: 409,
        value: { error: { code: 'batch_out_of_order', message: 'order', remedy: '', details } },
      };
    }
    this.#keep(header, body, body_offset);
    chain.seq = header.seq;
    chain.hash = hash;
    chain.hashes.set(header.seq, hash);
    return { status: 200, value: { status: 'durable', seq: header.seq, hash } };
  }

  #keep(header: BatchHeader, batch: Buffer, body_offset: number): void {
    this.headers.push(header);
    this.received_bytes += header.body_bytes;
    const body = openBody(batch, header, body_offset);
    let offset = 0;
    for (const run of header.runs) {
      visitRun(run, body, offset, (place, flags, original_size, start, end) => {
        this.received += 1;
        if (!this.keeps_records) return;
        const bytes = Buffer.from(body.subarray(start, end));
        this.records.set(`${header.sensor} ${run.stream} ${run.generation} ${place}`, {
          ...{ sensor: header.sensor, stream: run.stream, generation: run.generation, place: String(place) },
          ...{ flags, original_size, bytes, text: bytes.toString('latin1') },
        });
      });
      offset += run.bytes;
    }
  }

  texts(sensor?: string): string[] {
    return [...this.records.values()]
      .filter((record) => sensor === undefined || record.sensor === sensor)
      .map((record) => record.text);
  }

  get gaps(): BatchHeader['gaps'] {
    return this.headers.flatMap((header) => header.gaps);
  }
}
