/** Networks as ranges of the engine's addresses, where IPv4 stands mapped into IPv6. */
import { isIP } from 'node:net';
import { formatAddress, parseAddress } from '../store/prefixes.ts';

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

/** As people write it: IPv4 dotted, `::` (unknown) empty. @param text from the engine's IPv6 */
export function showAddress(text: string): string {
  if (text === '::') return '';
  return text.startsWith('::ffff:') && text.includes('.') ? text.slice(7) : text;
}
