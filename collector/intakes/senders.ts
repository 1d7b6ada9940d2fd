/** Which address may send, and for which sensor: the narrowest network that holds it counts. */
import { BlockList, isIP } from 'node:net';

export interface Route {
  sensor: string;
  stream: string;
}

export interface Network {
  address: string;
  prefix: number;
}

/** `198.51.100.7`, `198.51.100.0/24`, `2001:db8::/32`; undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (bits === 0 || rest.length > 0 || address.includes('%')) return undefined;
  if (prefix === undefined) return { address, prefix: bits };
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) return undefined;
  return { address, prefix: Number(prefix) };
}

/** An IPv4 address that came to a socket of IPv6 as what it is. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

export class Senders<T> {
  readonly #entries: { list: BlockList; prefix: number; value: T }[];

  constructor(entries: readonly { network: Network; value: T }[]) {
    this.#entries = entries
      .map(({ network: { address, prefix }, value }) => {
        const list = new BlockList();
        list.addSubnet(address, prefix, isIP(address) === 6 ? 'ipv6' : 'ipv4');
        return { list, prefix, value };
      })
      .sort((a, b) => b.prefix - a.prefix);
  }

  find(sender: string): T | undefined {
    const address = plainAddress(sender).replace(/%.*$/, '');
    const kind = isIP(address);
    if (kind === 0) return undefined;
    return this.#entries.find(({ list }) => list.check(address, kind === 6 ? 'ipv6' : 'ipv4'))?.value;
  }
}
