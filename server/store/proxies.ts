/**
 * Proxies before honeypots: a dictionary of the engine with the networks whose word is taken for whom they speak for.
 * Of a request that came from one, the client is whom `X-Forwarded-For` names: the last address there that is no such
 * proxy itself, because every proxy appends who spoke to it, and what stands before that the client may have written.
 */
import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { OperationalError } from '@apiary/model/errors.ts';
import { reloadEverywhere } from './geo.ts';
import type { Store } from './store.ts';
import { everywhereEngine, onCluster } from './template.ts';

/** Makes the dictionary where it is missing; views that look senders up need it to exist. */
export async function createProxies(store: Store): Promise<void> {
  const on_cluster = onCluster(store.rendering);
  const [here] = await store.query<{ name: string }>('SELECT currentDatabase() AS name');
  await store.command(
    `CREATE TABLE IF NOT EXISTS trusted_proxy_prefix${on_cluster} (prefix String, is_trusted UInt8) ENGINE = ${everywhereEngine(store.rendering)} ORDER BY prefix`,
  );
  await store.command(
    `CREATE DICTIONARY IF NOT EXISTS trusted_proxy${on_cluster} (prefix String, is_trusted UInt8) PRIMARY KEY prefix SOURCE(CLICKHOUSE(DB '${here?.name}' TABLE 'trusted_proxy_prefix')) LAYOUT(IP_TRIE()) LIFETIME(0)`,
  );
}

/** @param networks addresses or networks; what they sent before keeps the client that it has */
export async function loadProxies(store: Store, networks: readonly string[]): Promise<void> {
  const prefixes = [...new Set(networks.map(prefixOf))].sort();
  const held = await store.query<{ prefix: string }>(
    'SELECT prefix FROM trusted_proxy_prefix ORDER BY prefix',
  );
  if (JSON.stringify(held.map(({ prefix }) => prefix)) === JSON.stringify(prefixes)) return;
  await store.command('TRUNCATE TABLE trusted_proxy_prefix');
  const rows = prefixes.map((prefix) => `${prefix}\t1\n`).join('');
  // A token of its own: what was truncated may still be known as inserted.
  if (rows !== '')
    await store.insertTsv('trusted_proxy_prefix', ['prefix', 'is_trusted'], Buffer.from(rows), randomUUID());
  await reloadEverywhere(store, 'trusted_proxy_prefix', 'trusted_proxy');
}

function prefixOf(network: string): string {
  const [address = '', length] = network.split('/');
  const version = isIP(address);
  if (version === 0)
    throw new OperationalError(
      'config_invalid',
      `${network} is no address or network: write 10.0.0.5 or 10.0.0.0/8`,
    );
  return `${address}/${length ?? (version === 4 ? 32 : 128)}`;
}
