/** Slows down who guesses passwords: by account and by address, in memory, forgetting the oldest first. */
import { OperationalError } from '@apiary/model/errors.ts';

interface Failures {
  count: number;
  last_ms: number;
}

export interface ThrottleLimits {
  /** Failures without a wait. */
  free: number;
  /** The first wait; each further failure doubles it. */
  wait_ms_first: number;
  wait_ms_max: number;
}

/** Failures are forgotten after this long without another. */
const forget_ms = 3_600_000;
/** More keys than this are not kept: a flood of names must not eat memory. */
const keys_max = 10_000;

/** An account may be locked by anyone who knows its name, so its wait stays short; an address waits longer. */
export const account_limits: ThrottleLimits = { free: 5, wait_ms_first: 1000, wait_ms_max: 60_000 };
export const address_limits: ThrottleLimits = { free: 20, wait_ms_first: 2000, wait_ms_max: 900_000 };

export class Throttle {
  readonly #failures = new Map<string, Failures>();
  /** Tries whose end is not known yet: they count as failures, or many at once would be one. */
  readonly #tries = new Map<string, number>();
  readonly #limits: ThrottleLimits;

  constructor(limits: ThrottleLimits) {
    this.#limits = limits;
  }

  /** @returns milliseconds until this key may try again; 0: now */
  waitFor(key: string, now_ms: number): number {
    const failures = this.#failures.get(key);
    const is_past = failures === undefined || now_ms - failures.last_ms > forget_ms;
    const tries = this.#tries.get(key) ?? 0;
    const over = (is_past ? 0 : failures.count) + tries - this.#limits.free;
    if (over < 0) return 0;
    const wait_ms = Math.min(this.#limits.wait_ms_max, this.#limits.wait_ms_first * 2 ** Math.min(over, 30));
    const since_ms = is_past || tries > 0 ? now_ms : failures.last_ms;
    return Math.max(0, since_ms + wait_ms - now_ms);
  }

  /** A try begins; to be ended when it has failed or succeeded. */
  begin(key: string): void {
    this.#tries.set(key, (this.#tries.get(key) ?? 0) + 1);
  }

  end(key: string): void {
    const left = (this.#tries.get(key) ?? 0) - 1;
    if (left > 0) this.#tries.set(key, left);
    else this.#tries.delete(key);
  }

  fail(key: string, now_ms: number): void {
    const before = this.#failures.get(key);
    const count = before === undefined || now_ms - before.last_ms > forget_ms ? 1 : before.count + 1;
    this.#failures.delete(key);
    this.#failures.set(key, { count, last_ms: now_ms });
    if (this.#failures.size > keys_max) this.#failures.delete(this.#failures.keys().next().value!);
  }

  succeed(key: string): void {
    this.#failures.delete(key);
  }
}

/** @throws OperationalError throttled, with details.retry_after_ms */
export function requireNoWait(wait_ms: number): void {
  if (wait_ms <= 0) return;
  const seconds = Math.ceil(wait_ms / 1000);
  throw new OperationalError('throttled', `too many failed log-ins: wait ${seconds} s`, {
    retry_after_ms: wait_ms,
  });
}
