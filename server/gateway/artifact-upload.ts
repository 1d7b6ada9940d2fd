/** Takes a whole file from a collector: who may send it, how much an hour, then the store. */
import type { IncomingMessage } from 'node:http';
import { OperationalError } from '@apiary/model/errors.ts';
import { isSha256 } from '../artifacts/store.ts';
import { no_reserve, type RateLimit, Rates } from './rate.ts';
import type { Answer, Sender } from './sender.ts';

export interface ArtifactLimits {
  bytes_max: number;
  bytes_per_hour_max: number;
}

export interface ArtifactOffer {
  sensor: string;
  sha256: string;
  size: number;
}

export interface ArtifactDesk<Peer extends Sender> {
  /** @throws OperationalError `sensor_unknown`, `sensor_foreign` */
  authorise(peer: Peer, sensor: string): unknown;
  /** Takes what may come. @param bytes are asked for when they are read */
  takeArtifact(offer: ArtifactOffer, bytes: AsyncIterable<Buffer>, peer: Peer): Promise<Answer>;
}

const hour_seconds = 3600;
/** Files that one collector sends at once; the collector sends one after another. */
const at_once_max = 2;

export class ArtifactUploads<Peer extends Sender> {
  readonly #desk: ArtifactDesk<Peer>;
  #bytes_max: number;
  readonly #rates: Rates;
  readonly #under_way = new Map<number, number>();

  constructor(desk: ArtifactDesk<Peer>, limits: ArtifactLimits) {
    this.#desk = desk;
    this.#bytes_max = limits.bytes_max;
    this.#rates = new Rates(hourly(limits), no_reserve);
  }

  /** Other limits from now on. */
  limit(limits: ArtifactLimits): void {
    this.#bytes_max = limits.bytes_max;
    this.#rates.limit = hourly(limits);
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
    peer: Peer,
    named: { sensor: string },
    proceed: () => void,
  ): Promise<Answer> {
    named.sensor = (query.get('sensor') ?? '').slice(0, 128);
    const sha256 = query.get('sha256') ?? '';
    if (!isSha256(sha256)) throw new OperationalError('input_invalid', '"sha256" is no SHA-256');
    await this.#desk.authorise(peer, named.sensor);
    const size = Number(request.headers['content-length'] ?? Number.NaN);
    if (!Number.isSafeInteger(size) || size < 0)
      throw new OperationalError('input_invalid', 'a file without Content-Length');
    if (size > this.#bytes_max)
      throw new OperationalError('artifact_too_large', `a file of ${size} bytes; at most ${this.#bytes_max}`);
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
      const offer = { sensor: named.sensor, sha256, size };
      return await this.#desk.takeArtifact(offer, wanted(request, proceed), peer);
    } finally {
      const left = (this.#under_way.get(collector_id) ?? 1) - 1;
      if (left === 0) this.#under_way.delete(collector_id);
      else this.#under_way.set(collector_id, left);
    }
  }
}

const hourly = ({ bytes_per_hour_max }: ArtifactLimits): RateLimit => ({
  bytes_per_second: bytes_per_hour_max / hour_seconds,
  burst_bytes: bytes_per_hour_max,
});

async function* wanted(request: IncomingMessage, proceed: () => void): AsyncIterable<Buffer> {
  proceed();
  yield* request as AsyncIterable<Buffer>;
}
