/**
 * Signatures over documents: ECDSA on P-256 with SHA-256, DER, so that openssl can check them too; beside each the
 * chain of certificates up to the root, by whose fingerprint the installation is known.
 */
import { sign, verify, X509Certificate } from 'node:crypto';
import { OperationalError } from '@apiary/model/errors.ts';

export interface Signature {
  /** Base64 of the DER signature over the document's bytes. */
  signature: string;
  /** PEM: leaf, intermediate, root. */
  chain: string;
}

export const signBytes = (bytes: Buffer, key_pem: string, chain: string): Signature => ({
  signature: sign('sha256', bytes, key_pem).toString('base64'),
  chain,
});

const splitChain = (pem: string): X509Certificate[] =>
  pem
    .split(/(?<=-----END CERTIFICATE-----)/)
    .filter((part) => part.includes('BEGIN CERTIFICATE'))
    .map((part) => new X509Certificate(part));

const fingerprintOf = (certificate: X509Certificate): string =>
  certificate.fingerprint256.replaceAll(':', '').toLowerCase();

/**
 * @returns the fingerprint of the root that the signature leads to, SHA-256 in hexadecimal
 * @throws OperationalError `data_damaged` where the signature or its chain is wrong
 */
export function checkSignature(bytes: Buffer, { signature, chain }: Signature): string {
  const fail = (why: string): never => {
    throw new OperationalError('data_damaged', `the signature is wrong: ${why}`);
  };
  let certificates: X509Certificate[];
  try {
    certificates = splitChain(chain);
  } catch (error) {
    return fail(`its certificates cannot be read: ${(error as Error).message}`);
  }
  const [leaf, ...issuers] = certificates;
  if (leaf === undefined || issuers.length === 0) return fail('its chain of certificates is too short');
  // Collectors and gateways have certificates of this authority too: each names what connections it is for.
  if (leaf.ca || (leaf.keyUsage ?? []).length > 0)
    return fail('the certificate that made it is one for connections or an authority, not for documents');
  let last = leaf;
  for (const issuer of issuers) {
    if (!issuer.ca || !last.checkIssued(issuer) || !last.verify(issuer.publicKey))
      return fail(`${last.subject} was not issued by ${issuer.subject}`);
    last = issuer;
  }
  if (!last.verify(last.publicKey)) return fail('its chain does not end in a root');
  if (!verify('sha256', bytes, leaf.publicKey, Buffer.from(signature, 'base64')))
    return fail('it does not belong to these bytes');
  return fingerprintOf(last);
}
