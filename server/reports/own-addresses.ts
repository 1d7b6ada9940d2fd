/**
 * Addresses at which honeypots were reached, as their own sensors saw it: they say where a honeypot stands, also where
 * nobody wrote them into the inventory.
 */
import { showAddress } from '@apiary/model/networks.ts';
import type { Reader } from './count-by.ts';

const addresses_max = 10_000;

/** @param from,to ISO 8601; both belong to it */
export async function readOwnAddresses(store: Reader, from: string, to: string): Promise<string[]> {
  // A loopback or an unset address is everybody's.
  const rows = await store.query<{ address: string }>(
    `SELECT DISTINCT toString(destination_ip) AS address FROM event
     WHERE direction = 'inbound' AND vantage = 'honeypot' AND destination_ip NOT IN (toIPv6('::'), toIPv6('::1'))
       AND destination_ip NOT BETWEEN toIPv6('::ffff:0.0.0.0') AND toIPv6('::ffff:0.255.255.255')
       AND destination_ip NOT BETWEEN toIPv6('::ffff:127.0.0.0') AND toIPv6('::ffff:127.255.255.255')
       AND detect_ts >= parseDateTime64BestEffort({from:String}, 6, 'UTC') AND detect_ts <= parseDateTime64BestEffort({to:String}, 6, 'UTC')
     ORDER BY address LIMIT ${addresses_max}`,
    { from, to },
  );
  return rows.map(({ address }) => showAddress(address));
}
