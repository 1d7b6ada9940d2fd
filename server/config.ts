/** The server's settings: a YAML file, `apiary.yaml` in the data directory unless named otherwise. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OperationalError } from '@apiary/model/errors.ts';
import { artifact_bytes_max } from '@apiary/model/protocol.ts';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { cluster_name } from './store/template.ts';

const address = z.string().regex(/^.+:\d{1,5}$/, 'must be host:port, for example 127.0.0.1:8080');

/** What of one kind is kept; without either, all. */
const limit = z
  .strictObject({
    days: z.number().int().min(1).max(36_500).optional(),
    bytes_max: z.number().int().min(1_000_000).optional(),
  })
  .prefault({});

const schema = z
  .strictObject({
    /** Where the pages and the API listen. */
    web: z
      .strictObject({
        listen: address.default('127.0.0.1:8080'),
        tls_certificate: z.string().optional(),
        tls_key: z.string().optional(),
        trusted_proxies: z.array(z.string()).default([]),
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
        clickhouse_url: z.url().optional(),
        /** The tables are those of a cluster: replicated, and read through Distributed ones. */
        cluster: z
          .literal(cluster_name, `must be ${cluster_name}, as the cluster in remote_servers`)
          .optional(),
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

export type ServerConfig = z.infer<typeof schema> & { directory: string };

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
  const result = schema.safeParse(document.toJS() ?? {});
  if (result.success) {
    checkTogether(result.data, file);
    return { ...result.data, directory: resolve(directory) };
  }
  const issue = result.error.issues[0];
  const place =
    issue === undefined ? [] : [...issue.path, ...('keys' in issue ? issue.keys.slice(0, 1) : [])];
  const node = document.getIn(place, true) as { range?: [number, number, number] } | undefined;
  const line = node?.range === undefined ? '' : `:${lines.linePos(node.range[0]).line}`;
  throw new OperationalError(
    'config_invalid',
    `${file}${line}: ${place.join('.')}: ${issue?.message ?? 'is wrong'}`,
  );
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
