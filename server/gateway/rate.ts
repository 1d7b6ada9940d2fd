/**
 * How much a collector may send: a token bucket for the collector, and beside it a small one for each of its
 * sensors, so that one that floods does not hold up the log-in that another sees.
 */
export interface RateLimit {
  bytes_per_second: number;
  /** Bytes that may come at once after a quiet time. */
  burst_bytes: number;
}

interface Bucket {
  tokens: number;
  filled_ms: number;
}

/** What each sensor has for itself, beside its collector's rate. */
export const sensor_reserve = { share: 0.05, burst_bytes: 256 * 1024 } as const;
export const no_reserve = { share: 0, burst_bytes: -1 } as const;
const buckets_max = 100_000;

export class Rates {
  limit: RateLimit;
  readonly #reserve: typeof sensor_reserve | typeof no_reserve;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limit: RateLimit, reserve: typeof sensor_reserve | typeof no_reserve = sensor_reserve) {
    this.limit = limit;
    this.#reserve = reserve;
  }

  /**
   * @param now_ms by a clock that nobody sets: one set back would make everyone wait for as long
   * @returns 0 when the bytes may come, or how many milliseconds to wait
   */
  take(collector_id: number, sensor: string, bytes: number, now_ms = performance.now()): number {
    const { bytes_per_second, burst_bytes } = this.limit;
    const whole = this.#fill(String(collector_id), bytes_per_second, burst_bytes, now_ms);
    const { share, burst_bytes: own_burst } = this.#reserve;
    const own = this.#fill(`${collector_id} ${sensor}`, bytes_per_second * share, own_burst, now_ms);
    // A batch larger than what is left is let through once; the next one pays for it.
    if (whole.tokens < 0 && own.tokens < 0) return Math.ceil((-whole.tokens / bytes_per_second) * 1000);
    whole.tokens -= bytes;
    own.tokens -= bytes;
    return 0;
  }

  #fill(key: string, bytes_per_second: number, burst_bytes: number, now_ms: number): Bucket {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      // Forgetting all is harmless: everyone has a full bucket for a moment.
      if (this.#buckets.size >= buckets_max) this.#buckets.clear();
      bucket = { tokens: burst_bytes, filled_ms: now_ms };
      this.#buckets.set(key, bucket);
    }
    bucket.tokens = Math.min(
      burst_bytes,
      bucket.tokens + ((now_ms - bucket.filled_ms) / 1000) * bytes_per_second,
    );
    bucket.filled_ms = now_ms;
    return bucket;
  }
}
