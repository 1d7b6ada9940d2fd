/** Networks as ranges of the engine's addresses, where IPv4 stands mapped into IPv6. */
import { isIP } from 'node:net';
import { formatAddress, parseAddress } from './prefixes.ts';

const mapped = 0xffffn << 32n;

export interface AddressRange {
  first: bigint;
  last: bigint;
}

/** @returns the range of an address or network (CIDR), or null where the text is neither */
export function parseNetwork(text: string): AddressRange | null {
  const [address = '', length, ...rest] = text.trim().split('/');
  if (rest.length > 0 || isIP(address) === 0 || address.includes('%')) return null;
  const { bits, value } = parseAddress(address);
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (prefix < 0 || prefix > bits) return null;
  const size = 1n << BigInt(bits - prefix);
  const first = (value / size) * size + (bits === 32 ? mapped : 0n);
  return { first, last: first + size - 1n };
}

/** The number of an address as in `parseNetwork`; null where the text is none. */
export const addressNumber = (text: string): bigint | null => parseNetwork(text)?.first ?? null;

export const formatBound = (value: bigint): string => formatAddress({ bits: 128, value });

/** One spelling of an address, the engine's, whatever way it was written; null where the text is none. */
export function normalizeAddress(text: string): string | null {
  const range = parseNetwork(text);
  if (range === null || range.first !== range.last) return null;
  if (range.first >> 32n === mapped >> 32n) {
    const value = Number(range.first & 0xffffffffn);
    return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
  }
  return new URL(`http://[${formatBound(range.first)}]`).hostname.slice(1, -1);
}

/** As people write it: IPv4 dotted, `::` (unknown) empty. @param text from the engine's IPv6 */
export function showAddress(text: string): string {
  if (text === '::') return '';
  return text.startsWith('::ffff:') && text.includes('.') ? text.slice(7) : text;
}
