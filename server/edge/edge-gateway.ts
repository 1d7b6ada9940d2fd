/**
 * A gateway of its own, before the server: ends the collectors' TLS, refuses what may not pass, forwards the rest and
 * answers what the server answered. An acknowledgement is the server's; a gateway keeps nothing and may end at any time.
 */
import { mkdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { holdDirectory } from '@apiary/collector/lock.ts';
import { batch_limits, readHeader } from '@apiary/model/batch.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { paths, type Roster } from '@apiary/model/protocol.ts';
import type { ArtifactOffer } from '../gateway/artifact-upload.ts';
import { type Desk, Listener } from '../gateway/listener.ts';
import type { Answer } from '../gateway/sender.ts';
import type { TlsMaterial } from '../pki/authority.ts';
import { ControlLink } from './control-link.ts';
import { type EdgePeer, RosterCopy } from './roster-copy.ts';

export interface EdgeOptions {
  directory: string;
  version: string;
  log: (message: string) => void;
}

/** What may be new, and is asked for before it is refused. */
const perhaps_new = new Set(['certificate_invalid', 'sensor_unknown', 'sensor_foreign']);
/** In force until the first roster, before which nothing passes. */
const nothing = {
  rate: { bytes_per_second: 1, burst_bytes: 1 },
  artifacts: { bytes_max: 0, bytes_per_hour_max: 1 },
};

class EdgeDesk implements Desk<EdgePeer> {
  readonly #link: () => ControlLink;
  roster: RosterCopy | undefined;

  constructor(link: () => ControlLink) {
    this.#link = link;
  }

  /** @throws OperationalError as the roster, and `server_away` where only the server could tell */
  async #look<T>(look: (roster: RosterCopy) => T): Promise<T> {
    try {
      if (this.roster !== undefined) return look(this.roster);
    } catch (error) {
      if (!(error instanceof OperationalError) || !perhaps_new.has(error.code)) throw error;
    }
    await this.#link().ask();
    if (this.roster === undefined)
      throw new OperationalError('server_away', 'the server has not said yet who may write', {
        retry_after_ms: 1000,
      });
    return look(this.roster);
  }

  identify(serial: string): Promise<EdgePeer> {
    return this.#look((roster) => roster.identify(serial));
  }

  authorise(peer: EdgePeer, sensor: string): Promise<void> {
    return this.#look((roster) => roster.authorise(peer, sensor));
  }

  isGood(serial: string): boolean {
    try {
      this.roster?.identify(serial);
      return true;
    } catch (error) {
      // One that is not known yet is asked about at its next request.
      return !(error instanceof OperationalError) || error.code !== 'collector_revoked';
    }
  }

  async takeBatch(bytes: Buffer, oldest: number, peer: EdgePeer): Promise<Answer> {
    const { header } = readHeader(bytes);
    if (header.body_bytes > batch_limits.body_bytes_max)
      throw new OperationalError('batch_too_large', `a body of ${header.body_bytes} bytes`);
    await this.authorise(peer, header.sensor);
    const link = this.#link();
    const query = { oldest: String(oldest) };
    return link.forward(peer.serial, paths.batch, query, bytes, link.identity.batch_agent);
  }

  takeArtifact(
    { sensor, sha256, size }: ArtifactOffer,
    bytes: AsyncIterable<Buffer>,
    peer: EdgePeer,
  ): Promise<Answer> {
    const link = this.#link();
    const body = { size, open: () => Readable.from(bytes) };
    return link.forward(peer.serial, paths.artifact, { sensor, sha256 }, body, link.identity.artifact_agent);
  }

  takeHeartbeat(body: Buffer, peer: EdgePeer): Promise<Answer> {
    const link = this.#link();
    return link.forward(peer.serial, paths.heartbeat, {}, body, link.identity.heartbeat_agent);
  }

  renew(body: Buffer, peer: EdgePeer): Promise<Answer> {
    const link = this.#link();
    return link.forward(peer.serial, paths.renew, {}, body, link.identity.heartbeat_agent);
  }
}

export class EdgeGateway {
  readonly #link: ControlLink;
  readonly #listener: Listener<EdgePeer>;
  readonly #lock: { close(): void };

  private constructor(options: EdgeOptions, lock: { close(): void }) {
    this.#lock = lock;
    const { directory, version, log } = options;
    const desk = new EdgeDesk(() => this.#link);
    this.#link = new ControlLink({
      ...{ directory, version, log },
      changed: (roster) => {
        desk.roster = new RosterCopy(roster);
        this.#obey(roster);
      },
      renewed: () => this.#listener.refreshTls(),
    });
    const tls = (): TlsMaterial => {
      const { key, cert, ca } = this.#link.identity.tlsOptions();
      return { key: String(key), cert: String(cert), ca: ca as string[] };
    };
    this.#listener = new Listener({ ...nothing, desk, tls, refusals: this.#link.tally, log });
  }

  #obey({ bytes_per_second, burst_bytes, ...roster }: Roster): void {
    this.#listener.rates.limit = { bytes_per_second, burst_bytes };
    this.#listener.uploads.limit({
      bytes_max: roster.artifact_bytes_max,
      bytes_per_hour_max: roster.artifact_bytes_per_hour_max,
    });
    this.#listener.endRevoked();
  }

  /**
   * Asks the server once, whether or not it answers; collectors can reach it after `listen`.
   * @throws OperationalError `certificate_invalid` where this gateway is not enrolled, `conflict` where another runs
   */
  static async start(options: EdgeOptions): Promise<EdgeGateway> {
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
    const edge = new EdgeGateway(options, await holdDirectory(options.directory));
    await edge.#link.start();
    return edge;
  }

  /** @throws the network's error */
  listen(host: string, port: number): Promise<void> {
    return this.#listener.listen(host, port);
  }

  async stop(): Promise<void> {
    await this.#listener.close();
    this.#link.stop();
    this.#lock.close();
  }
}
