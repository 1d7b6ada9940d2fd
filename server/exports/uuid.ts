/** Identifiers of what is exported: the same thing has the same one each time. */
import { createHash } from 'node:crypto';

/** Our own namespace: that of STIX is for cyber-observable objects alone (STIX 2.1, section 2.9). */
const namespace = createHash('sha256').update('apiary stix').digest().subarray(0, 16);

/** A UUID of version 5 (RFC 4122, section 4.3). */
export function uuid5(name: string): string {
  const hash = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
