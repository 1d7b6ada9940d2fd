/**
 * Ingestion: what happens to a batch, as named steps in order. A step that refuses throws an
 * OperationalError; every refusal is counted by its code.
 */
import {
  type BatchHeader,
  batch_limits,
  hashBatch,
  openBody,
  type Run,
  readHeader,
  visitRun,
} from '@apiary/model/batch.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { BatchAck } from '@apiary/model/protocol.ts';
import type { Collector, Collectors, WritableSensor } from '../state/collectors.ts';
import type { StateDatabase } from '../state/database.ts';
import type { Backlog } from './backlog.ts';
import type { Journal } from './journal.ts';
import type { Ledger } from './ledger.ts';
import { noteAlert, noteGaps, noteSpool } from './notes.ts';
import type { Turns } from './turns.ts';

export interface IngestContext {
  state: StateDatabase;
  collectors: Collectors;
  journal: Journal;
  ledger: Ledger;
  /** Streams of each sensor type that has a submodule. */
  streams: ReadonlyMap<string, ReadonlySet<string>>;
  turns: Turns;
  backlog: Backlog;
  /** Whether the engine loads; while it does not, the journal takes all that fits. */
  loading: () => boolean;
}

/** A batch on its way; steps fill it in. */
export interface Arrival {
  collector: Collector;
  bytes: Buffer;
  /** The oldest sequence number that the collector still has; 0 where it did not say. */
  oldest: number;
  header: BatchHeader;
  body_offset: number;
  hash: string;
  sensor: WritableSensor;
}

/** How long a batch waits for the one before it, which may be on another connection. */
const predecessor_wait_ms = 5000;
let last_collect_us = 0n;

/** Microseconds since 1970, never twice the same and never going back. */
function stampCollect(): string {
  const now = BigInt(Date.now()) * 1000n;
  last_collect_us = now > last_collect_us ? now : last_collect_us + 1n;
  return String(last_collect_us);
}

/** read: the header's form; nothing is decompressed before the sensor is known to be the collector's. */
function read(arrival: Pick<Arrival, 'bytes'>): Pick<Arrival, 'header' | 'body_offset' | 'hash'> {
  const { header, body_offset } = readHeader(arrival.bytes);
  return { header, body_offset, hash: hashBatch(arrival.bytes) };
}

/** authorise: which sensors a collector may write is the server's knowledge. */
function authorise(context: IngestContext, collector: Collector, header: BatchHeader): WritableSensor {
  const sensor = context.collectors.writableSensor(collector, header.sensor);
  const streams = context.streams.get(sensor.type);
  const odd = streams === undefined ? undefined : header.runs.find((run) => !streams.has(run.stream));
  if (odd !== undefined)
    throw new OperationalError(
      'stream_unknown',
      `the sensor type ${sensor.type} has no stream "${odd.stream}"`,
    );
  return sensor;
}

/** admit: who floods waits while the engine is behind. */
function admit({ backlog, loading }: IngestContext, sensor: WritableSensor): void {
  if (!loading() || !backlog.isTooMuch(sensor.sensor_id)) return;
  throw new OperationalError(
    'rate_limited',
    `the engine is ${backlog.records} records behind, most of them of this sensor`,
    { retry_after_ms: 300 },
  );
}

const places_end = 1n << 64n;

/** The ledger goes by what a run declares, so its records must lie there. A run's `next` of 0 is 2^64. */
function checkPlaces(run: Run, body: Buffer, offset: number): void {
  const first = BigInt(run.first);
  const next = BigInt(run.next) === 0n ? places_end : BigInt(run.next);
  if (run.kind === 'lines' && first + BigInt(run.bytes) > places_end)
    throw new OperationalError('batch_malformed', 'lines beyond the last place');
  visitRun(run, body, offset, (place) => {
    if (run.kind === 'lines') return;
    const exact = BigInt(place);
    if (exact < first || exact >= next)
      throw new OperationalError(
        'batch_malformed',
        `a record at ${place} in a run from ${run.first} to ${run.next}`,
      );
  });
}

/** verify: the body holds exactly what the header announces, so that the loader can trust it. */
function verify(header: BatchHeader, bytes: Buffer, body_offset: number): void {
  const body = openBody(bytes, header, body_offset);
  let offset = 0;
  for (const run of header.runs) {
    checkPlaces(run, body, offset);
    offset += run.bytes;
  }
}

/**
 * order: batches of a spool come in their sequence. `known` for one that lies in the journal or engine already.
 * What does not follow on (a spool that went back, a lost stretch) is taken and told.
 */
async function order(context: IngestContext, arrival: Arrival): Promise<'new' | 'known'> {
  const { ledger, turns, state } = context;
  const { header, hash, sensor, oldest } = arrival;
  const spool = ledger.spool(header.spool_id);
  const is_gap = (): boolean => header.seq > spool.last_seq + 1 && oldest < header.seq;
  if (is_gap()) await turns.until(header.spool_id, () => !is_gap(), predecessor_wait_ms);
  if (spool.batches.get(header.seq) === hash) {
    // A number that was counted back (a revert, a crash between journal and ledger) is caught up with here.
    if (header.seq === spool.last_seq + 1) {
      spool.last_seq = header.seq;
      spool.last_hash = hash;
      turns.advance(header.spool_id);
    }
    return 'known';
  }
  if (is_gap()) {
    throw new OperationalError(
      'batch_out_of_order',
      `batch ${header.seq} came, ${spool.last_seq + 1} is expected`,
      { expected_seq: spool.last_seq + 1 },
    );
  }
  const subject = `sensor ${sensor.name}`;
  if (header.seq <= spool.last_seq) {
    noteAlert(
      state,
      'spool_went_back',
      subject,
      `batch ${header.seq} came again with other contents after ${spool.last_seq}: the honeypot was reverted, or its certificate is used elsewhere`,
    );
  } else if (header.seq > spool.last_seq + 1) {
    noteAlert(
      state,
      'batches_missing',
      subject,
      `batches ${spool.last_seq + 1} to ${header.seq - 1} of a spool never came and are gone`,
    );
  } else if (header.prev !== spool.last_hash) {
    noteAlert(
      state,
      'chain_broken',
      subject,
      `batch ${header.seq} does not follow on batch ${spool.last_seq} that was acknowledged`,
    );
  }
  return 'new';
}

/** journal: durable before it is acknowledged; then the ledger knows it. */
async function journal(context: IngestContext, arrival: Arrival): Promise<void> {
  const { ledger } = context;
  const { header, hash, sensor, bytes } = arrival;
  // First, because telling the same gap again is harmless and forgetting one is not.
  noteGaps(context.state, sensor.sensor_id, header.gaps);
  const check = ledger.overlappingRuns(sensor.sensor_id, header);
  if (header.records > 0) {
    const meta = { sensor_id: sensor.sensor_id, collect_us: stampCollect(), hash, check };
    await context.journal.append(sensor.type, { meta, batch: bytes }, header.records, header.body_bytes);
    ledger.accept(sensor.sensor_id, header, hash);
    context.backlog.add(sensor.sensor_id, header.records);
  } else {
    ledger.accept(sensor.sensor_id, header, hash);
    ledger.persist(ledger.lastSegment(), [{ sensor_id: sensor.sensor_id, header, hash }]);
  }
}

/** follow: a spool that takes another's place is told, because nobody knows what still waited in that one. */
function follow({ state, ledger }: IngestContext, { collector, header, sensor }: Arrival): void {
  const before = noteSpool(state, sensor.sensor_id, collector.collector_id, header.spool_id);
  if (before === undefined) return;
  noteAlert(
    state,
    'spool_began_anew',
    `sensor ${sensor.name}`,
    `the collector ${collector.name} brings it from a new spool: what waited in the one before, behind batch ${ledger.spool(before).last_seq}, is gone unless it came again. A host that was set back or installed anew does so, and who destroys a spool`,
  );
}

/** Runs the steps. Batches of one sensor are taken one at a time, so that places are compared in order. */
export async function ingest(
  context: IngestContext,
  collector: Collector,
  bytes: Buffer,
  oldest: number,
): Promise<BatchAck> {
  const { header, body_offset, hash } = read({ bytes });
  const sensor = authorise(context, collector, header);
  if (header.body_bytes > batch_limits.body_bytes_max)
    throw new OperationalError('batch_too_large', `a body of ${header.body_bytes} bytes`);
  admit(context, sensor);
  verify(header, bytes, body_offset);
  const arrival: Arrival = { collector, bytes, oldest, header, body_offset, hash, sensor };
  const is_new_spool = context.ledger.spool(header.spool_id).last_seq === 0;
  const spool_waits = await order(context, arrival);
  if (spool_waits === 'known') return { status: 'known', seq: header.seq, hash };
  return context.turns.take(`sensor ${sensor.sensor_id}`, async () => {
    // While this batch waited for its turn the same one may have come on another connection.
    if (context.ledger.spool(header.spool_id).batches.get(header.seq) === hash)
      return { status: 'known', seq: header.seq, hash };
    await journal(context, arrival);
    if (is_new_spool) follow(context, arrival);
    context.turns.advance(header.spool_id);
    return { status: 'durable', seq: header.seq, hash };
  });
}
