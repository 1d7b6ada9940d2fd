/**
 * Sends the batches of all chains, in the order of each chain and in turn between chains, several at once,
 * and keeps them until the server says that they are durable.
 */
import { hashBatch } from '@apiary/model/batch.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { type BatchAck, paths, type Refusal } from '@apiary/model/protocol.ts';
import { askGateway } from './ask-gateway.ts';
import { isTlsFailure, readRefusal, tellRefusal } from './exchange.ts';
import type { Identity } from './identity.ts';
import { dropBytes } from './memory.ts';
import type { Chain } from './spool/chain.ts';
import type { HeldRange } from './spool/segment.ts';
import type { Spool } from './spool/spool.ts';

export interface UplinkOptions {
  in_flight_max?: number;
  timeout_ms?: number;
  refused_retry_ms?: number;
}

/** A chain on its way: what is under way, what came back out of turn. */
interface Lane {
  chain: Chain;
  in_flight: Set<number>;
  /** Acknowledged while a predecessor is not. */
  done: Set<number>;
  hold_until_ms: number;
  /** Why this sensor's batches are not taken; '' where they are. */
  refusal: string;
  refused_seq: number;
  /** Batches that are lost to damage and told as gaps, or were dropped before the server asked for them again. */
  lost: Set<number>;
  contradictions: number;
}

const back_off_min_ms = 200;
const back_off_max_ms = 30_000;
const contradictions_max = 3;
const out_of_order_wait_ms = 150;

export class Uplink {
  readonly #spool: Spool;
  readonly #identity: Identity;
  readonly #in_flight_max: number;
  readonly #timeout_ms: number;
  readonly #refused_retry_ms: number;
  readonly #lanes: Lane[];
  #turn = 0;
  #in_flight = 0;
  #failures = 0;
  #hold_until_ms = 0;
  #timer: NodeJS.Timeout | undefined;
  #is_stopped = false;
  #idle: (() => void)[] = [];
  /** Why nothing gets through; '' where it does. */
  trouble = '';
  /** The last failure of TLS and when, kept for the person who asks later. */
  tls_refusal = '';
  tls_refusal_ms = 0;

  constructor(spool: Spool, identity: Identity, options: UplinkOptions = {}) {
    this.#spool = spool;
    this.#identity = identity;
    this.#in_flight_max = options.in_flight_max ?? 4;
    this.#timeout_ms = options.timeout_ms ?? 30_000;
    this.#refused_retry_ms = options.refused_retry_ms ?? 60_000;
    this.#lanes = [...spool.chains.values()].map((chain) => ({
      ...{ chain, in_flight: new Set<number>(), done: new Set<number>(), hold_until_ms: 0, refusal: '' },
      ...{ refused_seq: 0, lost: new Set<number>(), contradictions: 0 },
    }));
  }

  start(): void {
    this.#spool.on_sealed = () => this.pump();
    this.pump();
  }

  refusalOf(sensor: string): string {
    return this.#lanes.find((lane) => lane.chain.sensor === sensor)?.refusal ?? '';
  }

  /** Whether what a sensor has is refused for another reason than that it must wait. */
  isRefused(sensor: string): boolean {
    const lane = this.#lanes.find((one) => one.chain.sensor === sensor);
    return lane !== undefined && lane.refused_seq > lane.chain.acked_seq;
  }

  /** Starts as many requests as may be under way. */
  pump(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    while (!this.#is_stopped && now >= this.#hold_until_ms && this.#in_flight < this.#in_flight_max) {
      const next = this.#pick(now);
      if (next === undefined) break;
      this.#in_flight += 1;
      next.lane.in_flight.add(next.seq);
      void this.#send(next.lane, next.seq).finally(() => {
        this.#in_flight -= 1;
        next.lane.in_flight.delete(next.seq);
        if (this.#in_flight === 0) for (const call of this.#idle.splice(0)) call();
        this.pump();
      });
    }
    if (!this.#is_stopped) this.#timer = setTimeout(() => this.pump(), this.#nextWakeMs(now));
  }

  #nextWakeMs(now: number): number {
    const holds = [this.#hold_until_ms, ...this.#lanes.map((lane) => lane.hold_until_ms)];
    const ahead = holds.filter((until) => until > now).map((until) => until - now);
    return Math.min(1000, ...ahead);
  }

  /** The next batch of the next chain in turn. */
  #pick(now: number): { lane: Lane; seq: number } | undefined {
    for (let i = 0; i < this.#lanes.length; i++) {
      const lane = this.#lanes[(this.#turn + i) % this.#lanes.length]!;
      if (now < lane.hold_until_ms || lane.in_flight.size >= this.#in_flight_max) continue;
      const { acked_seq, last_seq } = lane.chain;
      let seq = acked_seq + 1;
      while (lane.in_flight.has(seq) || lane.done.has(seq)) seq += 1;
      if (seq > last_seq) continue;
      this.#turn = (this.#turn + i + 1) % this.#lanes.length;
      return { lane, seq };
    }
    return undefined;
  }

  async #send(lane: Lane, seq: number): Promise<void> {
    const { chain } = lane;
    const { spool_id } = chain;
    try {
      const { batch, held, records } = chain.read(seq);
      if (batch === undefined) {
        await this.#stepOver(lane, seq, held, records);
        return;
      }
      const oldest = oldestBefore(lane, seq);
      const answer = await askGateway(this.#identity, {
        ...{ agent: this.#identity.batch_agent, body: batch, timeout_ms: this.#timeout_ms },
        path: `${paths.batch}?oldest=${oldest}`,
      });
      dropBytes(2 * batch.length);
      if (spool_id !== chain.spool_id) return;
      this.#failures = 0;
      this.trouble = '';
      if (answer.status >= 200 && answer.status < 300) {
        this.#acknowledge(lane, seq, answer.value as BatchAck, batch);
      } else await this.#refuse(lane, seq, records, readRefusal(answer), answer.status);
    } catch (error) {
      this.#backOff(error);
    }
  }

  #acknowledge(lane: Lane, seq: number, ack: Partial<BatchAck> | undefined, batch: Buffer): void {
    if (ack?.hash !== hashBatch(batch)) {
      throw new OperationalError('unreachable', `the answer to batch ${seq} acknowledges another batch`);
    }
    lane.refusal = '';
    lane.contradictions = 0;
    lane.done.add(seq);
    this.#advance(lane);
  }

  #advance(lane: Lane): void {
    let acked = lane.chain.acked_seq;
    while (lane.done.delete(acked + 1)) acked += 1;
    lane.chain.acknowledge(acked);
  }

  /** A damaged batch is told as a gap and left out, once all before it is acknowledged. */
  async #stepOver(lane: Lane, seq: number, held: HeldRange[], records: number): Promise<void> {
    const { chain } = lane;
    if (chain.acked_seq !== seq - 1) {
      lane.hold_until_ms = performance.now() + out_of_order_wait_ms;
      return;
    }
    if (lane.lost.has(seq)) {
      lane.done.add(seq);
      this.#advance(lane);
      return;
    }
    await chain.tellDamaged(held, records);
    lane.lost.add(seq);
    lane.done.add(seq);
    this.#advance(lane);
  }

  async #refuse(
    lane: Lane,
    seq: number,
    records: number,
    refusal: Refusal['error'],
    status: number,
  ): Promise<void> {
    const wait = Number(refusal.details.retry_after_ms);
    if (status === 429 || status === 503) {
      const wait_ms = Number.isFinite(wait) && wait >= 0 ? Math.min(wait, 3_600_000) : 1000;
      lane.hold_until_ms = performance.now() + wait_ms + Math.random() * Math.min(200, wait_ms);
      lane.refusal = refusal.message;
      return;
    }
    if (status === 409) {
      await this.#reorder(lane, seq, Number(refusal.details.expected_seq));
      return;
    }
    if (status >= 500) throw new OperationalError('unreachable', `the server failed: ${refusal.message}`);
    if (lane.refused_seq < seq) {
      lane.refused_seq = seq;
      lane.chain.refused += records;
    }
    lane.refusal = tellRefusal(refusal);
    lane.hold_until_ms = performance.now() + this.#refused_retry_ms;
  }

  /** The server expects another sequence number than the one it got. */
  async #reorder(lane: Lane, seq: number, expected: number): Promise<void> {
    const { chain } = lane;
    lane.hold_until_ms = performance.now() + out_of_order_wait_ms;
    if (Number.isInteger(expected) && expected >= 1 && hasAny(lane, expected, chain.acked_seq)) {
      lane.done.clear();
      const first = chain.goBack(expected);
      if (first > expected) lane.lost.add(first - 1);
      return;
    }
    if (expected < seq) {
      // A predecessor is still under way, or comes next.
      for (const early of lane.done) if (early >= expected) lane.done.delete(early);
      return;
    }
    if (lane.in_flight.size > 1) return;
    // It wants this very number, or a later one, and still not this batch: it knows another chain.
    lane.contradictions += 1;
    if (lane.contradictions < contradictions_max) return;
    lane.contradictions = 0;
    lane.done.clear();
    lane.lost.clear();
    await chain.rechain();
  }

  #backOff(error: unknown): void {
    const { message } = error as Error;
    this.trouble = message;
    if (isTlsFailure(error)) this.noteTlsRefusal(message);
    if (performance.now() < this.#hold_until_ms) return;
    const limit = Math.min(back_off_max_ms, back_off_min_ms * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 16);
    this.#hold_until_ms = performance.now() + limit * (0.5 + Math.random() / 2);
  }

  noteTlsRefusal(message: string): void {
    this.tls_refusal = message;
    this.tls_refusal_ms = Date.now();
  }

  /** Waits shortly for answers under way, then gives up on them: they are sent again at the next start. */
  async stop(grace_ms: number): Promise<void> {
    this.#is_stopped = true;
    clearTimeout(this.#timer);
    if (this.#in_flight === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, grace_ms);
      this.#idle.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** The oldest batch from which on all up to `seq` are to be had. */
function oldestBefore(lane: Lane, seq: number): number {
  let oldest = lane.chain.store.oldest_seq;
  for (const lost of lane.lost) if (lost < seq) oldest = Math.max(oldest, lost + 1);
  return oldest;
}

/** Whether any batch of a range is not lost. Where all are, the server waits for one that comes behind the loss. */
function hasAny(lane: Lane, from: number, to: number): boolean {
  for (let seq = from; seq <= to; seq++) if (!lane.lost.has(seq)) return true;
  return false;
}
