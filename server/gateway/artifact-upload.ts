/** Takes a whole file from a collector: who may send it, how much an hour, then the store. */
import type { IncomingMessage } from 'node:http';
import { OperationalError } from '@apiary/model/errors.ts';
import type { ArtifactAck } from '@apiary/model/protocol.ts';
import { type ArtifactStore, isSha256 } from '../artifacts/store.ts';
import type { CertifiedCollector, Collectors } from '../state/collectors.ts';
import { no_reserve, Rates } from './rate.ts';

export interface ArtifactUploadOptions {
  store: ArtifactStore;
  bytes_max: number;
  bytes_per_hour_max: number;
}

const hour_seconds = 3600;
/** Files that one collector sends at once; the collector sends one after another. */
const at_once_max = 2;

export class ArtifactUploads {
  readonly #options: ArtifactUploadOptions;
  readonly #collectors: Collectors;
  readonly #rates: Rates;
  readonly #under_way = new Map<number, number>();

  constructor(options: ArtifactUploadOptions, collectors: Collectors) {
    this.#options = options;
    this.#collectors = collectors;
    const { bytes_per_hour_max } = options;
    const limit = { bytes_per_second: bytes_per_hour_max / hour_seconds, burst_bytes: bytes_per_hour_max };
    this.#rates = new Rates(limit, no_reserve);
  }

  /**
   * @param named is told the sensor, for the count of refusals
   * @param proceed is called when the bytes are wanted
   * @throws OperationalError `sensor_unknown`, `sensor_foreign`, `input_invalid`, `artifact_too_large`,
   *   `artifact_mismatch`, `artifacts_full`, `rate_limited`
   */
  async take(
    request: IncomingMessage,
    query: URLSearchParams,
    peer: CertifiedCollector,
    named: { sensor: string },
    proceed: () => void,
  ): Promise<ArtifactAck> {
    named.sensor = (query.get('sensor') ?? '').slice(0, 128);
    const sha256 = query.get('sha256') ?? '';
    if (!isSha256(sha256)) throw new OperationalError('input_invalid', '"sha256" is no SHA-256');
    const { sensor_id } = this.#collectors.writableSensor(peer, named.sensor);
    const size = Number(request.headers['content-length'] ?? Number.NaN);
    if (!Number.isSafeInteger(size) || size < 0)
      throw new OperationalError('input_invalid', 'a file without Content-Length');
    if (size > this.#options.bytes_max) {
      const { bytes_max } = this.#options;
      throw new OperationalError('artifact_too_large', `a file of ${size} bytes; at most ${bytes_max}`);
    }
    const { collector_id } = peer;
    const under_way = this.#under_way.get(collector_id) ?? 0;
    if (under_way >= at_once_max)
      throw new OperationalError('rate_limited', 'too many files at once', { retry_after_ms: 1000 });
    const wait_ms = this.#rates.take(collector_id, '', size);
    if (wait_ms > 0) {
      throw new OperationalError('rate_limited', 'more files than this collector may send in an hour', {
        retry_after_ms: wait_ms,
      });
    }
    this.#under_way.set(collector_id, under_way + 1);
    try {
      await this.#options.store.receive({ sha256, size, collector_id, sensor_id }, wanted(request, proceed));
    } finally {
      const left = (this.#under_way.get(collector_id) ?? 1) - 1;
      if (left === 0) this.#under_way.delete(collector_id);
      else this.#under_way.set(collector_id, left);
    }
    return { status: 'durable', sha256 };
  }
}

async function* wanted(request: IncomingMessage, proceed: () => void): AsyncIterable<Buffer> {
  proceed();
  yield* request as AsyncIterable<Buffer>;
}
