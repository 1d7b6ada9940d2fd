/** Makes keys and certificates: P-256, SHA-256, by @peculiar/x509. */
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { OperationalError } from '@apiary/model/errors.ts';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as never);

type CryptoKey = webcrypto.CryptoKey;
type CryptoKeyPair = webcrypto.CryptoKeyPair;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day_ms = 86_400_000;
/** Clocks of honeypots are often a little behind. */
const backdate_ms = day_ms;

export interface KeyAndCertificate {
  certificate: x509.X509Certificate;
  keys: CryptoKeyPair;
}

export interface Signer {
  certificate: x509.X509Certificate;
  key: CryptoKey;
}

const generateKeys = (): Promise<CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;

/** A positive serial number of 16 bytes, hexadecimal. */
const newSerial = (): string => `4${randomBytes(16).toString('hex').slice(1)}`;

/** A name that says nothing. */
export const neutralName = (): string => randomBytes(8).toString('hex');

const authority_usage = x509.KeyUsageFlags.keyCertSign;

/** An authority; signed by itself without an issuer. */
export async function makeAuthority(years: number, issuer?: Signer): Promise<KeyAndCertificate> {
  const keys = await generateKeys();
  const name = `CN=${neutralName()}`;
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: name,
    issuer: issuer?.certificate.subject ?? name,
    notBefore: new Date(now - backdate_ms),
    notAfter: new Date(now + years * 365 * day_ms),
    publicKey: keys.publicKey,
    signingKey: issuer?.key ?? keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, issuer === undefined ? undefined : 0, true),
      new x509.KeyUsagesExtension(authority_usage, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, keys };
}

const usages = {
  client: [x509.ExtendedKeyUsage.clientAuth],
  server: [x509.ExtendedKeyUsage.serverAuth],
  /** Shown to collectors as the server's is, and to the server: nobody enrols at one that is both. */
  gateway: [x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth],
} as const;

export interface LeafRequest {
  publicKey: x509.PublicKeyType;
  common_name: string;
  /** null: signs documents, and opens no connection. */
  usage: keyof typeof usages | null;
  dns?: string;
  days: number;
}

export async function makeLeaf(request: LeafRequest, issuer: Signer): Promise<x509.X509Certificate> {
  const now = Date.now();
  return x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: `CN=${request.common_name}`,
    issuer: issuer.certificate.subject,
    notBefore: new Date(now - backdate_ms),
    notAfter: new Date(now + request.days * day_ms),
    publicKey: request.publicKey,
    signingKey: issuer.key,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      ...(request.usage === null ? [] : [new x509.ExtendedKeyUsageExtension(usages[request.usage])]),
      ...(request.dns === undefined
        ? []
        : [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: request.dns }])]),
    ],
  });
}

export async function makeLeafWithKey(
  request: Omit<LeafRequest, 'publicKey'>,
  issuer: Signer,
): Promise<KeyAndCertificate> {
  const keys = await generateKeys();
  return { keys, certificate: await makeLeaf({ ...request, publicKey: keys.publicKey }, issuer) };
}

/**
 * The public key of a PKCS #10 request that proves the possession of its key.
 * @throws OperationalError `input_invalid`
 */
export async function readRequest(csr: string): Promise<x509.PublicKeyType> {
  try {
    const request = new x509.Pkcs10CertificateRequest(csr);
    if (await request.verify()) return request.publicKey;
  } catch (error) {
    throw new OperationalError(
      'input_invalid',
      `the certificate request cannot be read: ${(error as Error).message}`,
    );
  }
  throw new OperationalError('input_invalid', 'the signature of the certificate request is wrong');
}

export async function exportKey(key: CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return x509.PemConverter.encode(bytes, 'PRIVATE KEY');
}

export async function importKey(pem: string): Promise<CryptoKey> {
  const bytes = x509.PemConverter.decode(pem)[0] as ArrayBuffer;
  return webcrypto.subtle.importKey('pkcs8', bytes, algorithm, true, ['sign']) as Promise<CryptoKey>;
}

export const readCertificate = (pem: string): x509.X509Certificate => new x509.X509Certificate(pem);
