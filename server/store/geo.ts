/**
 * Country and autonomous system of an address: two dictionaries of the engine over tables of prefixes. By
 * default the tables come from @ip-location-db (country: NRO delegation statistics, CC BY 4.0; AS: RouteViews and
 * DB-IP, CC BY 4.0); files of one's own, in the same form, go instead of them.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isIPv4, isIPv6 } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { OperationalError } from '@apiary/model/errors.ts';
import { parseAddress, rangeToPrefixes } from '@apiary/model/prefixes.ts';
import type { Store } from './store.ts';
import { everywhereEngine, onCluster } from './template.ts';

export interface GeoFiles {
  /** CSV without header: first address, last address, ISO 3166-1 alpha-2 */
  country: string[];
  /** CSV without header: first address, last address, AS number, name */
  as: string[];
}

const package_folder = (name: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

export function defaultGeoFiles(): GeoFiles {
  const country = package_folder('@ip-location-db/asn-country');
  const as = package_folder('@ip-location-db/asn');
  return {
    country: [join(country, 'asn-country-ipv4.csv'), join(country, 'asn-country-ipv6.csv')],
    as: [join(as, 'asn-ipv4.csv'), join(as, 'asn-ipv6.csv')],
  };
}

const definitions = {
  country: { table: 'geo_country_prefix', dictionary: 'geo_country', columns: 'country String' },
  as: { table: 'geo_as_prefix', dictionary: 'geo_as', columns: 'asn UInt32, name String' },
} as const;

/** Makes tables and dictionaries where they are missing; views that look addresses up need them to exist. */
export async function createGeo(store: Store): Promise<void> {
  const on_cluster = onCluster(store.rendering);
  const [here] = await store.query<{ name: string }>('SELECT currentDatabase() AS name');
  for (const { table, dictionary, columns } of Object.values(definitions)) {
    await store.command(
      `CREATE TABLE IF NOT EXISTS ${table}${on_cluster} (prefix String, ${columns}) ENGINE = ${everywhereEngine(store.rendering)} ORDER BY prefix`,
    );
    await store.command(
      `CREATE DICTIONARY IF NOT EXISTS ${dictionary}${on_cluster} (prefix String, ${columns}) PRIMARY KEY prefix SOURCE(CLICKHOUSE(DB '${here?.name}' TABLE '${table}')) LAYOUT(IP_TRIE()) LIFETIME(0)`,
    );
  }
}

/** Fills the tables from files unless they hold these very files already. Later files win over earlier ones. */
export async function loadGeo(
  store: Store,
  files: GeoFiles,
  remember: { get(): string | undefined; set(value: string): void },
): Promise<void> {
  const digest = await hashFiles([...files.country, ...files.as]);
  if (remember.get() === digest) return;
  await fill(store, 'country', files.country);
  await fill(store, 'as', files.as);
  remember.set(digest);
}

async function hashFiles(paths: string[]): Promise<string> {
  const hash = createHash('sha256').update('prefixes 1');
  for (const path of paths) {
    if (!existsSync(path))
      throw new OperationalError('config_invalid', `the geo database ${path} is not there`);
    hash.update(await readFile(path));
  }
  return hash.digest('hex');
}

async function fill(store: Store, kind: keyof typeof definitions, files: string[]): Promise<void> {
  const { table, dictionary } = definitions[kind];
  const rows = new Map<string, string>();
  for (const file of files) {
    let line_number = 0;
    for await (const line of createInterface({ input: createReadStream(file) })) {
      line_number += 1;
      if (line !== '') addLine(rows, line, kind, `${file}:${line_number}`);
    }
  }
  await store.command(`TRUNCATE TABLE ${table}`);
  const columns = kind === 'country' ? ['prefix', 'country'] : ['prefix', 'asn', 'name'];
  let chunk: string[] = [];
  const flush = async (): Promise<void> => {
    // A token of its own: what was truncated may still be known as inserted.
    if (chunk.length > 0) await store.insertTsv(table, columns, Buffer.from(chunk.join('')), randomUUID());
    chunk = [];
  };
  for (const [prefix, value] of rows) {
    chunk.push(`${prefix}\t${value}\n`);
    if (chunk.length >= 100_000) await flush();
  }
  await flush();
  await reloadEverywhere(store, table, dictionary);
}

/** The dictionary is read anew on every node, each when it has all rows of the table behind it. */
export async function reloadEverywhere(store: Store, table: string, dictionary: string): Promise<void> {
  const on_cluster = onCluster(store.rendering);
  if (store.rendering === 'cluster') await store.command(`SYSTEM SYNC REPLICA${on_cluster} ${table}`);
  await store.command(`SYSTEM RELOAD DICTIONARY${on_cluster} ${dictionary}`);
}

const quoted_name = /^"((?:[^"]|"")*)"$/;

function addLine(
  rows: Map<string, string>,
  line: string,
  kind: keyof typeof definitions,
  where: string,
): void {
  const [first = '', last = '', value = '', ...rest] = line.split(',');
  if (!(isIPv4(first) || isIPv6(first)) || !(isIPv4(last) || isIPv6(last)) || value === '') {
    throw new OperationalError(
      'config_invalid',
      `${where}: not "first address,last address,value": ${line.slice(0, 100)}`,
    );
  }
  const name = rest
    .join(',')
    .trim()
    .replace(quoted_name, '$1')
    .replaceAll('""', '"')
    .replace(/[\t\\\n]/g, ' ');
  const text = kind === 'country' ? value.trim() : `${Number.parseInt(value, 10)}\t${name}`;
  for (const prefix of rangeToPrefixes(parseAddress(first), parseAddress(last))) rows.set(prefix, text);
}
