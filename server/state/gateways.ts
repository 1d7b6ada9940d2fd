/** Gateways of their own before this server, and their certificates. */
import type { GatewayHealth, GatewayState } from '@apiary/model/api/gateways.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { Credentials, type Shown } from './credentials.ts';
import type { StateDatabase } from './database.ts';

export interface GatewayHost {
  gateway_id: number;
  name: string;
  /** host:port as collectors reach it. */
  address: string;
  created_ms: number;
  revoked_ms: number | null;
}

/** When a gateway asked last, and its version. */
export interface GatewaySeen {
  at_ms: number;
  version: string;
}

export type CertifiedGateway = GatewayHost & Shown;

/** A collector tries these in turn: more would only take it longer. */
const gateways_max = 64;
/** It asks every two seconds. */
const silent_after_ms = 30_000;

export class Gateways extends Credentials<GatewayHost> {
  constructor(state: StateDatabase) {
    super(state, {
      kind: 'gateway',
      certificate: 'gateway_certificate',
      token: 'gateway_token',
      revoked: 'gateway_revoked',
    });
  }

  /** @throws OperationalError `input_invalid`, `conflict` */
  add(actor: string, name: string, address: string): GatewayHost {
    this.checkNew(name);
    if (this.list().length >= gateways_max)
      throw new OperationalError('conflict', `there are ${gateways_max} gateways already`);
    this.state.change(actor, 'add', `gateway ${name}`, { address }, () =>
      this.state.run(
        'INSERT INTO gateway (name, address, created_ms) VALUES (?, ?, ?)',
        name,
        address,
        Date.now(),
      ),
    );
    return this.byName(name);
  }

  isEnrolled({ gateway_id }: GatewayHost): boolean {
    return (
      this.state.get(
        'SELECT 1 FROM gateway_certificate WHERE gateway_id = ? AND revoked_ms IS NULL',
        gateway_id,
      ) !== undefined
    );
  }

  /** @param seen those that asked since the server started, by their number */
  describe(seen: ReadonlyMap<number, GatewaySeen>, now_ms: number): GatewayHealth[] {
    return this.list().map((gateway) => {
      const { gateway_id, name, address, created_ms, revoked_ms } = gateway;
      const { at_ms: asked_ms, version } = seen.get(gateway_id) ?? { at_ms: null, version: '' };
      const state = this.#judge(gateway, asked_ms, now_ms);
      return { gateway_id, name, address, state, asked_ms, version, created_ms, revoked_ms };
    });
  }

  #judge(gateway: GatewayHost, asked_ms: number | null, now_ms: number): GatewayState {
    if (gateway.revoked_ms !== null) return 'revoked';
    if (!this.isEnrolled(gateway)) return 'not_enrolled';
    if (asked_ms === null) return 'never_asked';
    return now_ms - asked_ms < silent_after_ms ? 'asking' : 'silent';
  }

  /** Where a collector finds gateways that have a certificate: each collector begins with another. */
  addressesFor(collector_id: number, now_ms: number): string[] {
    const addresses = this.state
      .all<{ address: string }>(
        `SELECT DISTINCT address FROM gateway WHERE revoked_ms IS NULL AND gateway_id IN
         (SELECT gateway_id FROM gateway_certificate WHERE revoked_ms IS NULL AND ends_ms > ?) ORDER BY gateway_id`,
        now_ms,
      )
      .map(({ address }) => address);
    const begin = addresses.length === 0 ? 0 : collector_id % addresses.length;
    return [...addresses.slice(begin), ...addresses.slice(0, begin)];
  }
}
