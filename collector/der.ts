/** Writes the little ASN.1 DER that a certificate request (PKCS #10, RFC 2986) needs. */
import { type KeyObject, sign } from 'node:crypto';

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.from([bytes]);
  const digits: number[] = [];
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Buffer.from([0x80 | digits.length, ...digits]);
}

function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, ...parts);
const set = (...parts: Buffer[]): Buffer => tagged(0x31, ...parts);
const bitString = (bytes: Buffer): Buffer => tagged(0x03, Buffer.from([0]), bytes);
const utf8 = (text: string): Buffer => tagged(0x0c, Buffer.from(text));

/** 2.5.4.3, commonName */
const common_name = Buffer.from('0603550403', 'hex');
/** 1.2.840.10045.4.3.2, ecdsa-with-SHA256 */
const ecdsa_sha256 = Buffer.from('06082a8648ce3d040302', 'hex');

/** A certificate request for a P-256 key, PEM. The server chooses what the certificate says. */
export function writeRequest(subject: string, private_key: KeyObject, public_key: KeyObject): string {
  const info = sequence(
    tagged(0x02, Buffer.from([0])),
    sequence(set(sequence(common_name, utf8(subject)))),
    public_key.export({ type: 'spki', format: 'der' }),
    tagged(0xa0),
  );
  const signature = sign('sha256', info, private_key);
  const request = sequence(info, sequence(ecdsa_sha256), bitString(signature));
  const lines = request.toString('base64').match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`;
}
