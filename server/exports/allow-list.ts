/** What no feed gives: what an administrator allows, known sources, and addresses that are nobody's on the internet. */
import { type AddressRange, parseNetwork } from '@apiary/model/networks.ts';

/** Special-purpose addresses (IANA registries; RFC 6890): in a feed they would block one's own. */
const special_networks = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '224.0.0.0/3',
  '::/127',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];

/** The host of a URL; '' where it has none. */
export const hostOf = (url: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/?#]*@)?(\[[0-9a-f:.]+\]|[^/?#:]+)/i.exec(url)?.[1]?.toLowerCase() ?? '';

/**
 * @param allowed addresses, networks, hosts (with all below them), or values
 * @param networks known sources of one's own
 * @returns whether a value must not be given
 */
export function makeAllowList(
  allowed: readonly string[],
  networks: readonly string[],
): (value: string) => boolean {
  const values = new Set(allowed.map((text) => text.toLowerCase()));
  const ranges = [...special_networks, ...allowed, ...networks]
    .map(parseNetwork)
    .filter((range): range is AddressRange => range !== null);
  const isInside = (address: string): boolean => {
    const number = parseNetwork(address.replace(/^\[|\]$/g, ''))?.first;
    return number !== undefined && ranges.some(({ first, last }) => number >= first && number <= last);
  };
  return (value) => {
    const small = value.toLowerCase();
    if (values.has(small) || isInside(small)) return true;
    const host = hostOf(value);
    if (host === '') return false;
    if (isInside(host)) return true;
    const labels = host.split('.');
    return labels.some((_, index) => values.has(labels.slice(index).join('.')));
  };
}
