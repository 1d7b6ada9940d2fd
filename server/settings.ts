/** Settings as they are in force: what people set on the page before the file, the file before the defaults. */
import { readFileSync } from 'node:fs';
import type { Settings } from '@apiary/model/api/settings.ts';
import type { MailSettings } from './alerts/deliver.ts';
import type { ServerConfig } from './config.ts';
import type { Retention } from './retention/retention.ts';
import { listRetention } from './retention/retention-orders.ts';
import type { StateDatabase } from './state/database.ts';
import { readPageGeo, readPageMail } from './state/page-settings.ts';
import { defaultGeoFiles, type GeoFiles } from './store/geo.ts';

/** The mail server in force; undefined where there is none. */
export function mailInForce(config: ServerConfig, state: StateDatabase): MailSettings | undefined {
  const page = readPageMail(state);
  if (page !== null) return { ...page, user: page.user ?? undefined, password: page.password ?? undefined };
  const { host, port, tls, from, user, password_file } = config.mail;
  if (host === undefined || from === undefined) return undefined;
  const password = password_file === undefined ? undefined : readFileSync(password_file, 'utf8').trim();
  return { host, port, tls, from, user, password };
}

export function geoInForce(config: ServerConfig, geo: GeoFiles | null): GeoFiles {
  const by_default = defaultGeoFiles();
  return geo ?? { country: config.geo.country ?? by_default.country, as: config.geo.as ?? by_default.as };
}

/** What is never shown. */
const secret_paths = ['web.metrics_token', 'store.clickhouse_url', 'store.shards'];
/** What the page changes, and so shows by itself. */
const on_page = ['retention', 'mail', 'geo', 'directory', 'file'];

function listValues(value: unknown, path: string): { path: string; value: string }[] {
  if (value === undefined) return [];
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return [{ path, value: secret_paths.includes(path) ? 'set' : JSON.stringify(value) }];
  return Object.entries(value).flatMap(([name, one]) =>
    listValues(one, path === '' ? name : `${path}.${name}`),
  );
}

export async function readSettings(
  config: ServerConfig,
  state: StateDatabase,
  retention: Retention,
): Promise<Settings> {
  const mail = mailInForce(config, state);
  const page_geo = readPageGeo(state);
  const has_file_geo = config.geo.country !== undefined || config.geo.as !== undefined;
  const rest = Object.fromEntries(Object.entries(config).filter(([name]) => !on_page.includes(name)));
  return {
    retention: await listRetention(retention, state),
    mail: {
      server:
        mail === undefined
          ? null
          : {
              ...{ host: mail.host, port: mail.port, tls: mail.tls, from: mail.from },
              user: mail.user ?? null,
              has_password: mail.password !== undefined,
            },
      origin: readPageMail(state) !== null ? 'page' : mail === undefined ? 'default' : 'file',
    },
    geo: {
      ...geoInForce(config, page_geo),
      origin: page_geo !== null ? 'page' : has_file_geo ? 'file' : 'default',
    },
    file: { values: listValues(rest, '') },
  };
}
