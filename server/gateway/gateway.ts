/**
 * The server's own gateway: takes what collectors bring, themselves or by gateways of their own before it. A gateway
 * says for whose certificate it forwards; whether that collector is known, not revoked and may write is judged here.
 */
import type { IncomingMessage } from 'node:http';
import { OperationalError } from '@apiary/model/errors.ts';
import { forwarded_for, type GatewayAnswer, type HeartbeatAnswer, paths } from '@apiary/model/protocol.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { CertifiedCollector, WritableSensor } from '../state/collectors.ts';
import type { CertifiedGateway, GatewaySeen } from '../state/gateways.ts';
import { recordHeartbeat } from '../state/health.ts';
import type { ArtifactLimits, ArtifactOffer } from './artifact-upload.ts';
import { checkHeartbeat } from './heartbeat-form.ts';
import { parse, readBody, readText } from './http.ts';
import { Instances } from './instances.ts';
import { type Desk, Listener } from './listener.ts';
import { noteAlert, type Refusals } from './notes.ts';
import type { RateLimit } from './rate.ts';
import { isDue, type Registry, renewCertificate } from './renewal.ts';
import { checkReport, makeRoster, revisionOf } from './roster.ts';
import type { Answer } from './sender.ts';
import { type IngestContext, ingest } from './steps.ts';

export interface GatewayOptions extends IngestContext, Registry {
  refusals: Refusals;
  rate: RateLimit;
  artifacts: ArtifactLimits & { store: ArtifactStore };
  log: (message: string) => void;
}

const report_bytes_max = 8 * 1024 * 1024;

export class Gateway extends Listener<CertifiedCollector> {
  /** Since this start, by the gateway's number. */
  readonly seen: ReadonlyMap<number, GatewaySeen>;

  constructor(options: GatewayOptions) {
    const desk = new ServerDesk(options);
    const { authority, artifacts, rate, refusals, log } = options;
    super({ desk, artifacts, rate, refusals, log, tls: () => authority.tlsMaterial() });
    this.seen = desk.seen;
  }
}

const done = (value: unknown): Answer => ({ status: 200, value });
const readCsr = (body: Buffer): string => readText(parse(body), 'csr');

class ServerDesk implements Desk<CertifiedCollector> {
  readonly #options: GatewayOptions;
  readonly #instances = new Instances();
  readonly seen = new Map<number, GatewaySeen>();

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  identify(serial: string, query: URLSearchParams): CertifiedCollector {
    const { collectors, gateways } = this.#options;
    const forwarded = query.get(forwarded_for);
    if (!gateways.hasCertificate(serial)) {
      if (forwarded !== null)
        throw new OperationalError('not_a_gateway', 'who speaks for another is no gateway');
      return collectors.byCertificate(serial);
    }
    const { name } = gateways.byCertificate(serial);
    if (forwarded === null)
      throw new OperationalError('input_invalid', `the gateway "${name}" does not say for whom it speaks`);
    return collectors.byCertificate(forwarded);
  }

  isGood(serial: string): boolean {
    const { collectors, gateways } = this.#options;
    try {
      if (gateways.hasCertificate(serial)) gateways.byCertificate(serial);
      else collectors.byCertificate(serial);
      return true;
    } catch {
      // The reason stands in the change log: somebody revoked it.
      return false;
    }
  }

  takeOther(request: IncomingMessage, url: URL, serial: string): Promise<Answer> | undefined {
    const is_own = url.pathname === paths.renew && !url.searchParams.has(forwarded_for);
    if (url.pathname === paths.gateway) return this.#takeReport(request, this.#gatewayOf(serial));
    if (is_own && this.#options.gateways.hasCertificate(serial))
      return this.#renewGateway(request, this.#gatewayOf(serial));
    return undefined;
  }

  #gatewayOf(serial: string): CertifiedGateway {
    const { gateways } = this.#options;
    if (gateways.hasCertificate(serial)) return gateways.byCertificate(serial);
    throw new OperationalError('not_a_gateway', 'the certificate is none of a gateway');
  }

  async #renewGateway(request: IncomingMessage, peer: CertifiedGateway): Promise<Answer> {
    return done(
      await renewCertificate(this.#options, readCsr(await readBody(request, report_bytes_max)), peer),
    );
  }

  async #takeReport(request: IncomingMessage, peer: CertifiedGateway): Promise<Answer> {
    const { collectors, rate, artifacts, refusals, authority } = this.#options;
    const report = checkReport(parse(await readBody(request, report_bytes_max)));
    for (const { collector, sensor, reason, count, last_message } of report.refusals)
      refusals.count(collector, sensor, reason, `at the gateway ${peer.name}: ${last_message}`, count);
    const now_ms = Date.now();
    this.seen.set(peer.gateway_id, { at_ms: now_ms, version: report.version });
    const roster = makeRoster(collectors, rate, artifacts, now_ms);
    const revision = revisionOf(roster);
    const answer: GatewayAnswer = {
      revision,
      roster: revision === report.revision ? null : roster,
      renew: isDue(peer, Math.max(authority.rolled_ms, authority.served_ms), now_ms),
    };
    return done(answer);
  }

  authorise(peer: CertifiedCollector, sensor: string): WritableSensor {
    return this.#options.collectors.writableSensor(peer, sensor);
  }

  async takeArtifact(
    { sensor, ...offer }: ArtifactOffer,
    bytes: AsyncIterable<Buffer>,
    peer: CertifiedCollector,
  ): Promise<Answer> {
    const { collector_id } = peer;
    const { sensor_id } = this.authorise(peer, sensor);
    await this.#options.artifacts.store.receive({ ...offer, collector_id, sensor_id }, bytes);
    return done({ status: 'durable', sha256: offer.sha256 });
  }

  async takeBatch(bytes: Buffer, oldest: number, peer: CertifiedCollector): Promise<Answer> {
    return done(await ingest(this.#options, peer, bytes, oldest));
  }

  async renew(body: Buffer, peer: CertifiedCollector): Promise<Answer> {
    return done(await renewCertificate(this.#options, readCsr(body), peer));
  }

  async takeHeartbeat(body: Buffer, peer: CertifiedCollector): Promise<Answer> {
    const heartbeat = checkHeartbeat(parse(body));
    const received_ms = Date.now();
    const { state, collectors, gateways, authority } = this.#options;
    if (this.#instances.seeTwoAtOnce(peer.collector_id, heartbeat.instance, received_ms)) {
      noteAlert(
        state,
        'certificate_on_two_hosts',
        `collector ${peer.name}`,
        'two programs use the certificate of this collector at once: it was copied, or the host was cloned',
        received_ms,
      );
    }
    recordHeartbeat(state, peer.collector_id, heartbeat, received_ms, heartbeat.offset_ms);
    const answer: HeartbeatAnswer = {
      received_ms,
      answered_ms: Date.now(),
      sensors: collectors.sensorsOf(peer.collector_id).map((sensor) => sensor.name),
      renew: isDue(peer, authority.rolled_ms, received_ms),
      gateways: gateways.addressesFor(peer.collector_id, received_ms),
    };
    return done(answer);
  }
}
