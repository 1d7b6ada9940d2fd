/** Certificates for who showed one, or a token; and the end of a roll-over, when everyone has a new one. */
import type { RenewAnswer } from '@apiary/model/protocol.ts';
import {
  type Authority,
  collector_certificate_days,
  collector_renew_after_days,
  type IssuedCertificate,
} from '../pki/authority.ts';
import type { CertifiedCollector, Collector, Collectors } from '../state/collectors.ts';
import type { Shown } from '../state/credentials.ts';
import type { CertifiedGateway, GatewayHost, Gateways } from '../state/gateways.ts';

export interface Registry {
  authority: Authority;
  collectors: Collectors;
  gateways: Gateways;
}

const renew_before_ms = (collector_certificate_days - collector_renew_after_days) * 86_400_000;

/** Whether who showed this certificate should renew now. */
export const isDue = ({ ends_ms, issued_ms }: Shown, changed_ms: number, now_ms: number): boolean =>
  now_ms >= ends_ms - renew_before_ms || issued_ms < changed_ms;

/**
 * Makes a certificate over the key of a request and notes it.
 * @param made is called when it is made and not yet noted
 */
export async function certify(
  { authority, collectors, gateways }: Registry,
  csr: string,
  holder: Collector | GatewayHost,
  by: 'token' | { serial: string },
  made: () => void = () => undefined,
): Promise<IssuedCertificate> {
  if ('gateway_id' in holder) {
    const issued = await authority.issueGateway(csr);
    made();
    gateways.addCertificate(holder, issued.serial, issued.ends_ms, by);
    return issued;
  }
  const issued = await authority.issue(csr, holder.collector_id);
  made();
  collectors.addCertificate(holder, issued.serial, issued.ends_ms, by);
  return issued;
}

/** A new certificate for who showed a valid one, or one that ran out not long ago. */
export async function renewCertificate(
  registry: Registry,
  csr: string,
  peer: CertifiedCollector | CertifiedGateway,
): Promise<RenewAnswer> {
  const { authority } = registry;
  const issued = await certify(registry, csr, peer, { serial: peer.serial });
  await finishRoll(registry);
  return {
    certificate: issued.pem,
    authority: authority.trusted(),
    gateway_name: authority.gateway_name,
  };
}

/** Shows the new chain once every collector and gateway has learned its root. */
export async function finishRoll({ authority, collectors, gateways }: Registry): Promise<void> {
  const { rolling, rolled_ms } = authority;
  if (rolling && collectors.allIssuedSince(rolled_ms) && gateways.allIssuedSince(rolled_ms))
    await authority.finishRoll();
}
