/** Writes the reference pages that are made from the code: `npx node scripts/reference.ts`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { error_codes } from '@apiary/model/errors.ts';
import {
  actions,
  detect_bases,
  directions,
  event_columns,
  outcomes,
  parse_marks,
  target_kinds,
  vantages,
} from '@apiary/model/event.ts';
import type { Submodule } from '@apiary/model/submodule.ts';
import { showRequest } from '@apiary/server/api/describe-examples.ts';
import { api_examples } from '@apiary/server/api/examples.ts';
import { readConfig, type ServerConfig } from '@apiary/server/config.ts';
import { submodules } from '@apiary/submodules/index.ts';
import { readReports } from '@apiary/submodules/report.ts';

const folder = fileURLToPath(new URL('../docs/reference/', import.meta.url));
const note =
  '<!-- Made by scripts/reference.ts; change the code, then run: npx node scripts/reference.ts -->';

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string): string => `\`${text}\``;

function errorsPage(): string {
  const rows = Object.entries(error_codes).map(([name, { status, remedy }]) => [
    code(name),
    String(status),
    remedy,
  ]);
  return `# Errors

${note}

Every error that the world can cause has one of these codes, on the command line, in the API and between collector and gateway. Over HTTP it comes with the status below and this body:

\`\`\`json
{ "error": { "code": "input_invalid", "message": "what failed on which value", "remedy": "what to do", "details": {} } }
\`\`\`

${table(['code', 'status', 'what to do'], rows)}
`;
}

/** Values of the enumerations, and what the page says of each. */
const enumerations: [string, readonly string[], string][] = [
  [
    'action',
    actions,
    "what was done: the actions of Sandia's taxonomy that the paper takes, with its own two, download and input",
  ],
  [
    'target_kind',
    target_kinds,
    'what it was done to: logical (account, process, data) or physical (component, computer, network)',
  ],
  ['outcome', outcomes, 'whether it succeeded, as the sensor presented it to the attacker'],
  ['direction', directions, 'as seen from the honeypot'],
  ['vantage', vantages, "whose view it is; pages that count take the honeypot's unless asked otherwise"],
  [
    'detect_basis',
    detect_bases,
    'what `detect_ts` rests on: the sensor, a zone or year that was assumed, or the receipt by the gateway',
  ],
  ['parse', parse_marks, 'in record tables: how far the bytes were understood'],
];

function eventPage(): string {
  const rows = event_columns.map(({ name, type, comment, identity }) => [
    code(name),
    code(type),
    comment,
    identity === true ? 'server' : 'submodule',
  ]);
  const lists = enumerations.map(([name, values, meaning]) => [
    code(name),
    values.map(code).join(', '),
    meaning,
  ]);
  return `# The event

${note}

The columns of the table \`event\`, one row for each step of an attacker. "Filled by" tells whether the server fills a column from the record's identity, or the submodule's \`events.sql\`. Times are UTC with microseconds. Empty texts, 0 and \`::\` stand for unknown; there are no NULLs.

${table(['column', 'type', 'meaning', 'filled by'], rows)}

## Enumerations

${table(['column', 'values', 'meaning'], lists)}
`;
}

/** Paths of the leaves of an object type; a list is a leaf. */
type Leaves<T, Prefix extends string = ''> = {
  [K in keyof T & string]: NonNullable<T[K]> extends readonly unknown[]
    ? `${Prefix}${K}`
    : NonNullable<T[K]> extends object
      ? Leaves<NonNullable<T[K]>, `${Prefix}${K}.`>
      : `${Prefix}${K}`;
}[keyof T & string];
export type SettingPath = Exclude<Leaves<ServerConfig>, 'directory' | 'file'>;

export interface Setting {
  /** A value that is right, as YAML. */
  example: string;
  meaning: string;
  /** Said instead of a default that the code gives. */
  by_default?: string;
  /** Lowest and highest value that is taken; undefined where there is no such bound. */
  bounds?: readonly [number, number | undefined];
}

/** All settings: the compiler sees that none is missing, tests/docs.test.ts that examples and bounds are true. */
export const settings: Record<SettingPath, Setting> = {
  'web.listen': { example: '127.0.0.1:8080', meaning: 'where the pages and the API listen' },
  'web.tls_certificate': {
    example: '/etc/apiary/web.pem',
    meaning:
      'PEM file with the certificate chain of the pages; with `web.tls_key` they are served over HTTPS',
  },
  'web.tls_key': { example: '/etc/apiary/web.key', meaning: 'PEM file with its key' },
  'web.trusted_proxies': {
    example: '[127.0.0.1]',
    meaning: 'addresses or networks of reverse proxies whose X-Forwarded headers are believed',
  },
  'honeypots.trusted_proxies': {
    example: '[10.0.0.5, 192.0.2.0/28]',
    meaning:
      'addresses or networks of proxies before honeypots: the client of what they send is whom their `X-Forwarded-For` names',
  },
  'web.metrics_token': {
    example: '"a-long-secret-of-yours"',
    meaning: 'the bearer token with which Prometheus may read `/metrics`; without it there is no such page',
  },
  'web.openid.issuer': {
    example: 'https://login.example.org/realms/staff',
    meaning: 'issuer of the log-in by OpenID Connect, beside the local accounts',
    by_default: 'none: local accounts only',
  },
  'web.openid.client_id': { example: 'apiary', meaning: 'as the issuer knows this server' },
  'web.openid.client_secret_file': {
    example: '/etc/apiary/openid-secret',
    meaning: 'file with the secret of the client; without it a public client, which PKCE alone protects',
  },
  'web.openid.address': {
    example: 'https://apiary.example.org',
    meaning:
      'address of the pages as browsers know them; the issuer sends back to `/api/v1/openid/callback` there',
  },
  'web.openid.title': { example: 'University', meaning: 'what the button says' },
  'web.openid.scope': { example: 'openid profile email groups', meaning: 'what is asked for' },
  'web.openid.groups_claim': { example: 'groups', meaning: 'claim of the token that lists groups' },
  'web.openid.administrators': { example: '[apiary-admins]', meaning: 'groups whose members administrate' },
  'web.openid.analysts': { example: '[csirt]', meaning: 'groups whose members analyse' },
  'web.openid.viewers': { example: '[guests]', meaning: 'groups whose members look' },
  'gateway.listen': { example: '0.0.0.0:7443', meaning: 'where collectors deliver' },
  'gateway.address': {
    example: 'hive.example.org:7443',
    meaning: 'host:port as collectors reach it, told to them when they enrol',
    by_default: 'the name of the host, and the port of `gateway.listen`',
  },
  'gateway.control_address': {
    example: 'control.example.org:7443',
    meaning:
      'how gateways of their own reach this server, where `gateway.address` leads to one of them ([cluster](../guide/cluster.md))',
    by_default: '`gateway.address`',
  },
  'gateway.bytes_per_second_max': {
    example: '1048576',
    meaning: 'what one collector may send a second, compressed; twice as much at once after a quiet time',
    bounds: [1, undefined],
  },
  'enrolment.listen': {
    example: '0.0.0.0:7444',
    meaning: 'where collectors enrol; open only while somebody could',
  },
  'enrolment.address': {
    example: 'hive.example.org:7444',
    meaning: 'host:port as collectors reach it',
    by_default: 'the name of the host, and the port of `enrolment.listen`',
  },
  'store.clickhouse_url': {
    example: 'http://apiary:secret@127.0.0.1:8123/apiary',
    meaning: 'a ClickHouse server instead of the embedded engine; the database must exist',
    by_default: 'the embedded engine',
  },
  'store.cluster': {
    example: 'apiary',
    meaning:
      'makes the tables of a ClickHouse cluster, of which `store.clickhouse_url` is one node; never run on a real one ([cluster](../guide/cluster.md))',
    by_default: 'one server',
  },
  'store.shards': {
    example: '["http://apiary:secret@127.0.0.1:8123/apiary", "http://apiary:secret@node-3:8123/apiary"]',
    meaning:
      'one node of each shard of the cluster, in the order of `remote_servers`; the first is `store.clickhouse_url`. What a sensor sent lies whole on one of them',
    by_default: 'the shard of `store.clickhouse_url`',
  },
  'store.connections': {
    example: '4',
    meaning: 'queries of the embedded engine that run side by side',
    bounds: [1, 32],
  },
  'store.memory_bytes_max': {
    example: '4000000000',
    meaning: 'memory of the embedded engine',
    bounds: [500_000_000, undefined],
  },
  'analysis.pause_seconds': {
    example: '1800',
    meaning: 'a pause of a source that ends its attack, in seconds',
  },
  'journal.bytes_max': {
    example: '8589934592',
    meaning: 'how much may wait for the engine; batches are refused beyond',
    bounds: [1_000_000, undefined],
  },
  'artifacts.disk_bytes_max': {
    example: '17179869184',
    meaning: 'disk for whole files (recordings, malware); more are refused until there is room, and wait',
    bounds: [1_000_000, undefined],
  },
  'artifacts.bytes_max': {
    example: '67108864',
    meaning: 'the largest file that is taken',
    bounds: [1, 1_073_741_824],
  },
  'artifacts.bytes_per_hour_max': {
    example: '1073741824',
    meaning: 'bytes of files that one collector may send in an hour',
    bounds: [1_000_000, undefined],
  },
  'retention.records.days': {
    example: '365',
    meaning: 'how many days are kept: records, by the day of their receipt',
    by_default: 'all',
    bounds: [1, 36_500],
  },
  'retention.records.bytes_max': {
    example: '20000000000',
    meaning: 'budget on the disk for the same; at 90 % the oldest goes',
    by_default: 'none',
    bounds: [1_000_000, undefined],
  },
  'retention.events.days': {
    example: '365',
    meaning: 'how many days are kept: events; their counts by day stay',
    by_default: 'all',
    bounds: [1, 36_500],
  },
  'retention.events.bytes_max': {
    example: '20000000000',
    meaning: 'budget on the disk for the same; at 90 % the oldest goes',
    by_default: 'none',
    bounds: [1_000_000, undefined],
  },
  'retention.artifacts.days': {
    example: '365',
    meaning: 'how many days are kept: whole files but captures',
    by_default: 'all',
    bounds: [1, 36_500],
  },
  'retention.artifacts.bytes_max': {
    example: '20000000000',
    meaning: 'budget on the disk for the same; at 90 % the oldest goes',
    by_default: 'none',
    bounds: [1_000_000, undefined],
  },
  'retention.captures.days': {
    example: '365',
    meaning: 'how many days are kept: captures of traffic among whole files',
    by_default: 'all',
    bounds: [1, 36_500],
  },
  'retention.captures.bytes_max': {
    example: '20000000000',
    meaning: 'budget on the disk for the same; at 90 % the oldest goes',
    by_default: 'none',
    bounds: [1_000_000, undefined],
  },
  'retention.readings.days': {
    example: '365',
    meaning: "how many days are kept: readings of containers' resources",
    by_default: 'all',
    bounds: [1, 36_500],
  },
  'retention.readings.bytes_max': {
    example: '20000000000',
    meaning: 'budget on the disk for the same; at 90 % the oldest goes',
    by_default: 'none',
    bounds: [1_000_000, undefined],
  },
  'sharing.organisation': {
    example: 'Example CSIRT',
    meaning: 'who reports abuse, as X-ARF reports name it; without it and `sharing.contact` none is made',
    by_default: 'none',
  },
  'sharing.contact': {
    example: 'abuse@csirt.example',
    meaning: 'where an answer to such a report goes',
    by_default: 'none',
  },
  'mail.host': {
    example: 'mail.example.org',
    meaning: 'the server that takes mail of alerts and reports; without it and `mail.from` none is sent',
    by_default: 'none',
  },
  'mail.port': { example: '587', meaning: 'its port', bounds: [1, 65_535] },
  'mail.tls': {
    example: 'true',
    meaning: 'TLS from the first byte (port 465); otherwise STARTTLS where the server offers it',
  },
  'mail.from': { example: 'apiary@example.org', meaning: 'the sender of that mail', by_default: 'none' },
  'mail.user': { example: 'apiary', meaning: 'name for its log-in', by_default: 'none' },
  'mail.password_file': {
    example: '/etc/apiary/mail-password',
    meaning: 'file with the password for its log-in',
    by_default: 'none',
  },
  'geo.country': {
    example: '[/etc/apiary/country.csv]',
    meaning: 'CSV files: first address, last address, country',
    by_default: 'the files that come along',
  },
  'geo.as': {
    example: '[/etc/apiary/as.csv]',
    meaning: 'CSV files: first address, last address, AS number, name',
    by_default: 'the files that come along',
  },
};

/** The value at a path such as `web.listen`. */
export function valueAt(config: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], config);
}

function readDefaults(): ServerConfig {
  const directory = mkdtempSync(join(tmpdir(), 'apiary-reference-'));
  try {
    return readConfig(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function tellBounds(bounds: Setting['bounds']): string {
  if (bounds === undefined) return '';
  return bounds[1] === undefined ? `at least ${bounds[0]}` : `${bounds[0]} to ${bounds[1]}`;
}

function settingsPage(): string {
  const defaults = readDefaults();
  const rows = Object.entries<Setting>(settings).map(([path, { example, meaning, by_default, bounds }]) => {
    const value = valueAt(defaults, path);
    const told =
      by_default ?? (value === undefined ? 'none' : code(JSON.stringify(value).replaceAll('"', '')));
    return [code(path), meaning, told, tellBounds(bounds), code(example)];
  });
  return `# Settings of the server

${note}

They stand in \`apiary.yaml\` in the data directory, or in the file that \`--config\` names. All have a default, so that the file need not exist. A mistake ends the start with file, line, value and remedy; unknown keys are mistakes. Changes take effect at the next start.

\`\`\`yaml
web:
  listen: 127.0.0.1:8080
gateway:
  address: hive.example.org:7443
\`\`\`

${table(['setting', 'meaning', 'default', 'bounds', 'example'], rows)}

The data directory itself is named by \`--data DIR\` or \`APIARY_DATA\`; \`./data\` otherwise.
`;
}

/** File name in docs/reference → its text, as the code has it now. */
/** What of a source the collector reads, in a word. */
const source_kinds: Record<string, string> = {
  lines: 'lines',
  sqlite: 'SQLite',
  files: 'whole files',
  framed: 'framed files',
  mysql: 'MySQL',
};

function sensorsPage(): string {
  const rows = submodules.map(({ name, title, interaction, role, versions, sources, folder: home }) => [
    `[${title}](../../submodules/${name}/README.md)`,
    code(name),
    interaction,
    role,
    [...new Set(sources.map(({ kind }) => source_kinds[kind] ?? kind))].join(', '),
    versions,
    String(readReports({ folder: home } as Submodule).length),
  ]);
  return `# Sensor types

${note}

Each has a page of its own: how to switch its log on, what each kind of record becomes and why, what cannot be known from it, and whether it was tried on a recording.

${table(['sensor', 'type', 'interaction', 'role', 'read as', 'versions', 'reports'], rows)}
`;
}

function apiPage(): string {
  const sections = Object.entries(api_examples).map(([title, examples]) => {
    const each = examples.map(
      (
        example,
      ) => `${example.does}: \`${example.operation}\`${example.left_out === undefined ? '' : ` (not asked by the suite: ${example.left_out})`}

\`\`\`sh
${showRequest(example)}
\`\`\`
`,
    );
    return `## ${title}\n\n${each.join('\n')}`;
  });
  return `# The API by examples

${note}

An example of every operation. The test suite asks them, as they stand, of a server with records. What goes in and comes out in all detail is described under \`/api/docs\` of the pages, and for programs under \`/api/docs/json\`.

\`$APIARY\` is the address of the pages, \`$TOKEN\` a token of a program (*Account*, *Tokens for programs*). What belongs to a person's log-in is asked with its cookie instead, which logging in keeps. On the server's own host \`apiary api METHOD PATH JSON\` needs neither. Words in capitals stand for what your server has; numbers of what was just made are in the answer (\`id\`).

${sections.join('\n')}`;
}

export function makePages(): Record<string, string> {
  return {
    'errors.md': errorsPage(),
    'event.md': eventPage(),
    'sensors.md': sensorsPage(),
    'api.md': apiPage(),
    'settings.md': settingsPage(),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(makePages())) writeFileSync(join(folder, name), text);
}
