/**
 * The way from a gateway to the server that decides: asks it again and again who may write what, tells it what was
 * refused here, forwards to it. Nothing of what it carries is kept.
 */
import type { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Exchange, exchange, readRefusal } from '@apiary/collector/exchange.ts';
import { Identity, parseHostPort } from '@apiary/collector/identity.ts';
import { renewCertificate } from '@apiary/collector/renew.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import {
  forwarded_for,
  type GatewayAnswer,
  type GatewayReport,
  paths,
  type Roster,
  report_refusals_max,
} from '@apiary/model/protocol.ts';
import type { Answer } from '../gateway/sender.ts';
import { Tally } from '../gateway/tally.ts';

export interface ControlLinkOptions {
  /** Where enrolment left key and certificates. */
  directory: string;
  version: string;
  log: (message: string) => void;
  /** Called with each roster that differs from the one before. */
  changed: (roster: Roster) => void;
  /** Called when there is another certificate to show. */
  renewed: () => void;
}

const ask_every_ms = 2000;
/** What is not known here may be new: the server is asked at once, but not more often than this. */
const ask_again_ms = 500;
const ask_timeout_ms = 10_000;
/** Shorter than a collector waits for an answer. */
const forward_timeout_ms = 25_000;
const roster_bytes_max = 64 * 1024 * 1024;
const retry_after_ms = 1000;
/** What the server has against this gateway, not against the collector. */
const own_refusals = new Set(['gateway_revoked', 'not_a_gateway', 'not_found', 'unreachable']);

const away = (why: string): OperationalError =>
  new OperationalError('server_away', `the server cannot be asked: ${why}`, { retry_after_ms });

export class ControlLink {
  readonly identity: Identity;
  readonly tally = new Tally();
  readonly #options: ControlLinkOptions;
  #revision = '';
  #asking: Promise<void> | undefined;
  #asked_ms = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #is_stopped = false;
  #trouble = '';
  #renewal_trouble = '';

  /** @throws OperationalError `certificate_invalid` where this gateway is not enrolled */
  constructor(options: ControlLinkOptions) {
    this.#options = options;
    const connections = { batches: 64, heartbeats: 8, files: 32 };
    this.identity = new Identity(options.directory, { connections, server_only: true });
  }

  /** Asks once, then again and again. */
  async start(): Promise<void> {
    await this.#askNow().catch(() => undefined);
    this.#plan();
  }

  #plan(): void {
    if (this.#is_stopped) return;
    this.#timer = setTimeout(() => {
      void this.#askNow()
        .catch(() => undefined)
        .finally(() => this.#plan());
    }, ask_every_ms);
  }

  /**
   * Asks, and answers when what the server knew at this call is known here; seldom enough for the server.
   * @throws OperationalError `server_away`
   */
  async ask(): Promise<void> {
    // One that is under way may have been answered before.
    await this.#asking?.catch(() => undefined);
    const wait_ms = this.#asked_ms + ask_again_ms - performance.now();
    if (wait_ms > 0) await sleep(wait_ms);
    await this.#askNow();
  }

  #askNow(): Promise<void> {
    this.#asking ??= this.#exchangeReport()
      .then(() => this.#note(''))
      .catch((error: unknown) => {
        this.#note((error as Error).message);
        throw away((error as Error).message);
      })
      .finally(() => {
        this.#asked_ms = performance.now();
        this.#asking = undefined;
      });
    return this.#asking;
  }

  #note(trouble: string): void {
    if (trouble === this.#trouble) return;
    this.#options.log(
      trouble === ''
        ? 'the server answers'
        : `the server cannot be asked, and collectors are told to wait: ${trouble}`,
    );
    this.#trouble = trouble;
  }

  async #exchangeReport(): Promise<void> {
    // With a certificate that has run out nothing else is answered.
    if (this.identity.certificate_ends_ms <= Date.now()) await this.#renew();
    const refused = this.tally.take(report_refusals_max);
    try {
      const { version } = this.#options;
      const refusals = refused.map(({ last_ms: _, ...one }) => one);
      const report: GatewayReport = { v: 1, version, revision: this.#revision, refusals };
      const answer = await exchange({
        ...parseHostPort(this.identity.gateway),
        ...{ agent: this.identity.heartbeat_agent, path: paths.gateway, timeout_ms: ask_timeout_ms },
        ...{ body: Buffer.from(JSON.stringify(report)), answer_bytes_max: roster_bytes_max },
      });
      if (answer.status !== 200) throw new Error(readRefusal(answer).message);
      refused.length = 0;
      await this.#take(answer.value as GatewayAnswer);
    } finally {
      // What was not taken is told the next time.
      for (const { collector, sensor, reason, last_message, count } of refused)
        this.tally.count(collector, sensor, reason, last_message, count);
    }
  }

  async #take({ revision, roster, renew }: GatewayAnswer): Promise<void> {
    if (roster !== null) {
      this.#options.changed(roster);
      this.#revision = revision;
    }
    if (!renew) return;
    try {
      await this.#renew();
      this.#renewal_trouble = '';
    } catch (error) {
      // The certificate that there is serves until it runs out.
      const { message } = error as Error;
      if (message !== this.#renewal_trouble)
        this.#options.log(`no new certificate: ${message}; it is tried again`);
      this.#renewal_trouble = message;
    }
  }

  async #renew(): Promise<void> {
    await renewCertificate(this.identity);
    this.#options.log('the certificate was renewed');
    this.#options.renewed();
  }

  /**
   * Forwards a request for the collector that showed a certificate.
   * @returns what the server answered
   * @throws OperationalError `server_away` where it did not, or does not take this gateway's word
   */
  async forward(
    serial: string,
    path: string,
    query: Record<string, string>,
    body: Exchange['body'],
    agent: Agent | undefined,
  ): Promise<Answer> {
    const asked = new URLSearchParams({ ...query, [forwarded_for]: serial });
    const answer = await exchange({
      ...{ ...parseHostPort(this.identity.gateway), agent, path: `${path}?${asked}` },
      ...{ body, timeout_ms: forward_timeout_ms },
    }).catch((error: Error) => {
      throw away(error.message);
    });
    if (answer.status === 200) return answer;
    const refusal = readRefusal(answer);
    if (own_refusals.has(refusal.code)) throw away(refusal.message);
    return { status: answer.status, value: { error: refusal } };
  }

  stop(): void {
    this.#is_stopped = true;
    clearTimeout(this.#timer);
    this.identity.close();
  }
}
