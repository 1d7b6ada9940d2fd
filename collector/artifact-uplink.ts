/** Sends whole files, one after another, on a connection of its own, until the server says that they are durable. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { OperationalError } from '@apiary/model/errors.ts';
import { type ArtifactAck, type ArtifactState, paths } from '@apiary/model/protocol.ts';
import { askGateway } from './ask-gateway.ts';
import { readRefusal, tellRefusal } from './exchange.ts';
import type { Identity } from './identity.ts';
import type { ArtifactSpool, WaitingArtifact } from './spool/artifacts.ts';

export interface ArtifactUplinkOptions {
  timeout_ms?: number;
  refused_retry_ms?: number;
}

const back_off_min_ms = 200;
const back_off_max_ms = 30_000;

export class ArtifactUplink {
  readonly #spool: ArtifactSpool;
  readonly #identity: Identity;
  readonly #timeout_ms: number;
  readonly #refused_retry_ms: number;
  /** Sensors and hashes that are not taken now, and until when they wait. */
  readonly #held = new Map<string, number>();
  #hold_until_ms = 0;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #is_stopped = false;
  trouble = '';

  constructor(spool: ArtifactSpool, identity: Identity, options: ArtifactUplinkOptions = {}) {
    this.#spool = spool;
    this.#identity = identity;
    this.#timeout_ms = options.timeout_ms ?? 30_000;
    this.#refused_retry_ms = options.refused_retry_ms ?? 60_000;
  }

  start(): void {
    this.#spool.on_waiting = () => this.#pump();
    this.#pump();
  }

  state(): ArtifactState {
    const { waiting, waiting_bytes, sent } = this.#spool;
    return { waiting, waiting_bytes, sent, trouble: waiting === 0 ? '' : this.trouble };
  }

  #isHeld(key: string, now: number): boolean {
    const until_ms = this.#held.get(key);
    if (until_ms !== undefined && until_ms <= now) this.#held.delete(key);
    return until_ms !== undefined && until_ms > now;
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#is_stopped || this.#sending !== undefined) return;
    const now = performance.now();
    const next =
      now < this.#hold_until_ms
        ? undefined
        : this.#spool.next(({ sensor, sha256 }) => this.#isHeld(sensor, now) || this.#isHeld(sha256, now));
    if (next === undefined) {
      this.#timer = setTimeout(() => this.#pump(), 500);
      return;
    }
    this.#sending = this.#send(next)
      .catch((error: unknown) => this.#backOff(error as Error))
      .finally(() => {
        this.#sending = undefined;
        this.#pump();
      });
  }

  async #send(one: WaitingArtifact): Promise<void> {
    const query = new URLSearchParams({ sensor: one.sensor, sha256: one.sha256 });
    const answer = await askGateway(this.#identity, {
      ...{ agent: this.#identity.artifact_agent, timeout_ms: this.#timeout_ms },
      path: `${paths.artifact}?${query}`,
      body: { size: one.size, open: () => createReadStream(one.path) },
    });
    this.#failures = 0;
    if (answer.status < 200 || answer.status >= 300) {
      await this.#refuse(one, readRefusal(answer), answer.status);
      return;
    }
    if ((answer.value as Partial<ArtifactAck> | undefined)?.sha256 !== one.sha256)
      throw new OperationalError('unreachable', 'the answer to a file acknowledges another');
    this.trouble = '';
    this.#spool.settle(one);
  }

  async #refuse(
    one: WaitingArtifact,
    refusal: ReturnType<typeof readRefusal>,
    status: number,
  ): Promise<void> {
    this.trouble = tellRefusal(refusal);
    if (status === 429 || status === 503) {
      const wait_ms = Number(refusal.details.retry_after_ms);
      this.#hold_until_ms = performance.now() + (wait_ms >= 0 ? Math.min(wait_ms, 3_600_000) : 1000);
    } else if (status >= 500) throw new OperationalError('unreachable', this.trouble);
    else if (refusal.code === 'artifact_mismatch' && (await hashFile(one.path)) !== one.sha256) {
      // Sending it again would never help. Its record says what it was.
      this.#spool.drop(one);
    } else {
      const is_of_sensor = refusal.code === 'sensor_unknown' || refusal.code === 'sensor_foreign';
      this.#held.set(is_of_sensor ? one.sensor : one.sha256, performance.now() + this.#refused_retry_ms);
    }
  }

  #backOff(error: Error): void {
    this.trouble = error.message;
    const limit = Math.min(back_off_max_ms, back_off_min_ms * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 16);
    this.#hold_until_ms = performance.now() + limit * (0.5 + Math.random() / 2);
  }

  /** What is under way is not waited for: it is sent again at the next start. */
  stop(): void {
    this.#is_stopped = true;
    clearTimeout(this.#timer);
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
