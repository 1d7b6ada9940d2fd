/** The server's settings: a YAML file, `apiary.yaml` in the data directory unless named otherwise. */
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { OperationalError } from '@apiary/model/errors.ts';
import { artifact_bytes_max } from '@apiary/model/protocol.ts';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { cluster_name } from './store/template.ts';

const address = z
  .string()
  .refine(
    (text) => /^.+:\d{1,5}$/.test(text) && splitAddress(text).port <= 65_535,
    'must be host:port, the port at most 65535, for example 127.0.0.1:8080',
  );

function isNetwork(text: string): boolean {
  const [host = '', range, ...more] = text.split('/');
  const version = isIP(host);
  if (version === 0 || more.length > 0) return false;
  if (range === undefined) return true;
  return /^\d{1,3}$/.test(range) && Number(range) >= 1 && Number(range) <= (version === 4 ? 32 : 128);
}

const network = z.string().refine(isNetwork, 'must be an address or network, for example 10.0.0.0/8');

/** As proxy-addr takes it: an address, a network, or one of its three names. */
const proxy = z
  .string()
  .refine(
    (text) => ['loopback', 'linklocal', 'uniquelocal'].includes(text) || isNetwork(text),
    'must be an address or network, for example 10.0.0.0/8, or loopback, linklocal or uniquelocal',
  );

/** What of one kind is kept; without either, all. */
const limit = z
  .strictObject({
    days: z.number().int().min(1).max(36_500).optional(),
    bytes_max: z.number().int().min(1_000_000).optional(),
  })
  .prefault({});

const clickhouse_url = z.url({
  protocol: /^https?$/,
  error: 'must be a URL of http or https, for example http://127.0.0.1:8123',
});

const schema = z
  .strictObject({
    /** Where the pages and the API listen. */
    web: z
      .strictObject({
        listen: address.default('127.0.0.1:8080'),
        tls_certificate: z.string().optional(),
        tls_key: z.string().optional(),
        trusted_proxies: z.array(proxy).default([]),
        /** Who shows it may read /metrics; without it there is none. */
        metrics_token: z.string().min(16).optional(),
        /** Log-in by OpenID Connect beside the local accounts. */
        openid: z
          .strictObject({
            issuer: z.url({ protocol: /^https?$/ }),
            client_id: z.string().min(1),
            client_secret_file: z.string().optional(),
            /** Of these pages, as browsers know them. */
            address: z.url({ protocol: /^https?$/ }),
            title: z.string().min(1).max(40).default('OpenID Connect'),
            scope: z.string().min(6).default('openid profile email'),
            groups_claim: z.string().min(1).default('groups'),
            administrators: z.array(z.string()).default([]),
            analysts: z.array(z.string()).default([]),
            viewers: z.array(z.string()).default([]),
          })
          .optional(),
      })
      .prefault({}),
    /** What stands before honeypots. */
    honeypots: z
      .strictObject({
        /** Proxies whose X-Forwarded-For is believed: addresses and networks. */
        trusted_proxies: z.array(network).default([]),
      })
      .prefault({}),
    /** Where collectors speak to the server; never the port of the pages. */
    gateway: z
      .strictObject({
        listen: address.default('0.0.0.0:7443'),
        /** host:port as collectors reach it; the host name of this machine by default. */
        address: address.optional(),
        /** host:port as gateways of their own reach it, where `address` leads collectors to one of them. */
        control_address: address.optional(),
        bytes_per_second_max: z
          .number()
          .int()
          .positive()
          .default(64 * 1024 * 1024),
      })
      .prefault({}),
    enrolment: z
      .strictObject({ listen: address.default('0.0.0.0:7444'), address: address.optional() })
      .prefault({}),
    store: z
      .strictObject({
        /** A ClickHouse server instead of the embedded engine. */
        clickhouse_url: clickhouse_url.optional(),
        /** The tables are those of a cluster: replicated, and read through Distributed ones. */
        cluster: z
          .literal(cluster_name, `must be ${cluster_name}, as the cluster in remote_servers`)
          .optional(),
        /** One node of each shard of the cluster, in order; the first is `clickhouse_url`. */
        shards: z.array(clickhouse_url).min(1).max(256).optional(),
        connections: z.number().int().min(1).max(32).default(4),
        memory_bytes_max: z.number().int().min(500_000_000).default(4_000_000_000),
      })
      .prefault({}),
    journal: z
      .strictObject({
        bytes_max: z
          .number()
          .int()
          .min(1_000_000)
          .default(8 * 1024 ** 3),
      })
      .prefault({}),
    analysis: z
      .strictObject({
        /** A pause that ends an attack. */
        pause_seconds: z.number().int().min(60).max(86_400).default(3600),
      })
      .prefault({}),
    /** Whole files that collectors bring. */
    artifacts: z
      .strictObject({
        disk_bytes_max: z
          .number()
          .int()
          .min(1_000_000)
          .default(16 * 1024 ** 3),
        bytes_max: z
          .number()
          .int()
          .min(1)
          .max(artifact_bytes_max)
          .default(64 * 1024 ** 2),
        bytes_per_hour_max: z
          .number()
          .int()
          .min(1_000_000)
          .default(4 * 1024 ** 3),
      })
      .prefault({}),
    /** How long what is kept; what `apiary retention` sets counts before it. */
    retention: z
      .strictObject({
        records: limit,
        events: limit,
        artifacts: limit,
        captures: limit,
        readings: limit,
      })
      .prefault({}),
    /** Who reports abuse: X-ARF reports name it. */
    sharing: z
      .strictObject({
        organisation: z.string().min(1).max(200).optional(),
        contact: z.email().optional(),
      })
      .prefault({}),
    /** The server that takes mail of alerts and reports. */
    mail: z
      .strictObject({
        host: z.string().min(1).optional(),
        port: z.number().int().min(1).max(65_535).default(587),
        tls: z.boolean().default(false),
        from: z.string().min(3).optional(),
        user: z.string().optional(),
        password_file: z.string().optional(),
      })
      .prefault({}),
    /** CSV files instead of the ones that come along: first address, last address, country or AS number, name. */
    geo: z
      .strictObject({ country: z.array(z.string()).optional(), as: z.array(z.string()).optional() })
      .prefault({}),
  })
  .prefault({});

export type ServerConfig = z.infer<typeof schema> & {
  directory: string;
  /** Where the settings stand; undefined where no file is there. */
  file?: string;
};

/**
 * @param directory the data directory
 * @param path of the file; a named one must be there
 * @throws OperationalError `config_invalid` with file, line, value and remedy
 */
export function readConfig(directory: string, path?: string): ServerConfig {
  const file = path ?? join(directory, 'apiary.yaml');
  if (!existsSync(file)) {
    if (path !== undefined)
      throw new OperationalError('config_invalid', `the configuration ${path} is not there`);
    return { ...schema.parse({}), directory: resolve(directory) };
  }
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines });
  const broken = document.errors[0];
  if (broken !== undefined) throw new OperationalError('config_invalid', `${file}: ${broken.message}`);
  const wrong = (place: readonly PropertyKey[], message: string): OperationalError => {
    const node = document.getIn(place, true) as { range?: [number, number, number] } | undefined;
    const line = node?.range === undefined ? '' : `:${lines.linePos(node.range[0]).line}`;
    return new OperationalError('config_invalid', `${file}${line}: ${place.join('.')}: ${message}`);
  };
  const given: unknown = document.toJS() ?? {};
  const result = schema.safeParse(given);
  if (result.success) {
    checkTogether(result.data, file);
    return { ...result.data, directory: resolve(directory), file: resolve(file) };
  }
  const issue = result.error.issues[0];
  const path_of = issue?.path ?? [];
  const place = [...path_of, ...(issue !== undefined && 'keys' in issue ? issue.keys.slice(0, 1) : [])];
  throw wrong(place, `${issue?.message ?? 'is wrong'}${tellValue(given, place)}`);
}

/** The value at a place, as far as it may be shown; '' where there is none. */
function tellValue(given: unknown, place: readonly PropertyKey[]): string {
  let value = given;
  for (const name of place)
    value =
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[name] : undefined;
  if (value === undefined || place.includes('metrics_token')) return '';
  // A URL may hold a password.
  const text = JSON.stringify(value).replace(/\/\/[^@"]*@/g, '//…@');
  return `; it is ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`;
}

/**
 * The text of a file that a setting names.
 * @throws OperationalError `config_invalid` with setting and path
 */
export function readNamed(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new OperationalError(
      'config_invalid',
      `${setting}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code}): name a PEM file that the user of the server may read`,
    );
  }
}

/**
 * What no single value shows: TLS whole or not at all; a cluster only of ClickHouse; pages, collectors and enrolment
 * apart by their ports.
 */
function checkTogether({ web, gateway, enrolment, store }: z.infer<typeof schema>, file: string): void {
  if (store.cluster !== undefined && store.clickhouse_url === undefined)
    throw new OperationalError(
      'config_invalid',
      `${file}: store.cluster without store.clickhouse_url: the embedded engine is no cluster; name one of the cluster's nodes there`,
    );
  const { shards } = store;
  if (shards !== undefined && store.cluster === undefined)
    throw new OperationalError(
      'config_invalid',
      `${file}: store.shards without store.cluster: only a cluster has shards; set store.cluster: ${cluster_name}`,
    );
  if (shards !== undefined && shards[0] !== store.clickhouse_url)
    throw new OperationalError(
      'config_invalid',
      `${file}: the first of store.shards is not store.clickhouse_url: name the same node in both, of the first shard`,
    );
  if (new Set(shards).size !== (shards?.length ?? 0))
    throw new OperationalError(
      'config_invalid',
      `${file}: store.shards names a node twice: its sensors would be counted for two shards`,
    );
  if ((web.tls_certificate === undefined) !== (web.tls_key === undefined)) {
    throw new OperationalError(
      'config_invalid',
      `${file}: web has one of tls_certificate and tls_key; it needs both, or neither`,
    );
  }
  const seen = new Map<number, string>();
  for (const [name, { listen }] of Object.entries({ web, gateway, enrolment })) {
    const { port } = splitAddress(listen);
    const other = seen.get(port);
    if (other !== undefined)
      throw new OperationalError(
        'config_invalid',
        `${file}: ${other} and ${name} share port ${port}; give each its own`,
      );
    seen.set(port, name);
  }
}

/** `host:port` in its two parts; an IPv6 host stands in brackets. */
export function splitAddress(text: string): { host: string; port: number } {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
}
