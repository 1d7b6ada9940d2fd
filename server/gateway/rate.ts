/** A token bucket for each collector. */
export interface RateLimit {
  bytes_per_second: number;
  /** Bytes that may come at once after a quiet time. */
  burst_bytes: number;
}

interface Bucket {
  tokens: number;
  filled_ms: number;
}

export class Rates {
  readonly #limit: RateLimit;
  readonly #buckets = new Map<number, Bucket>();

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Takes `bytes` from the collector's bucket. @returns 0, or how many milliseconds it should wait */
  take(collector_id: number, bytes: number, now_ms = Date.now()): number {
    const { bytes_per_second, burst_bytes } = this.#limit;
    const bucket = this.#buckets.get(collector_id) ?? { tokens: burst_bytes, filled_ms: now_ms };
    this.#buckets.set(collector_id, bucket);
    bucket.tokens = Math.min(
      burst_bytes,
      bucket.tokens + ((now_ms - bucket.filled_ms) / 1000) * bytes_per_second,
    );
    bucket.filled_ms = now_ms;
    if (bucket.tokens < 0) return Math.ceil((-bucket.tokens / bytes_per_second) * 1000);
    // A batch larger than what is left is let through once; the next one pays for it.
    bucket.tokens -= bytes;
    return 0;
  }
}
