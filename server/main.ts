/** `apiary`: starts the server, and gives orders to one that runs. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Feed, MadeFeed } from '@apiary/model/api/feeds.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { type Finding, writeFindings } from '@apiary/model/finding.ts';
import type { Derivation } from './derivation/derive.ts';
import type { Manifest } from './evidence/incident-package.ts';
import type { DayFinding } from './evidence/verify-days.ts';
import { giveOrder } from './give-order.ts';
import type { OrderName } from './orders.ts';
import type { ErasureCounts } from './retention/erase.ts';
import type { RetentionLine } from './retention/retention-orders.ts';

const usage = `apiary, the server of Apiary

  apiary serve                                  start the server
  apiary collector add NAME --lives-in honeypot|host|elsewhere [--interaction low|medium|high]
                       [--sensor NAME:TYPE …]   register a collector; prints the command to run beside the honeypot
  apiary collector list
  apiary collector replace NAME                 its host was installed anew: keeps its sensors, ends the old key
  apiary collector revoke NAME [--reason TEXT]  takes effect at once
  apiary sensor add NAME TYPE --collector NAME
  apiary sensor assign NAME --collector NAME    its records come by this collector from now on
  apiary user add NAME [--role administrator|analyst|viewer] [--honeynets …] [--secrets …]
  apiary user access NAME [--role …] [--honeynets all|HONEYNET:ROLE,…] [--secrets shown|hidden|by-role]
                                                what a user may see: all, or only these honeynets; passwords and payloads
  apiary user password NAME                     a new password
  apiary user list
  apiary import --sensor NAME [--type TYPE] PATH …
                                                logs, databases, dumps, archives, directories into one sensor
  apiary import --prefix NAME PATH …            the same, one sensor for each type found: NAME-TYPE
  apiary import --tpot DIR [--prefix NAME]      T-Pot's data directory; NAME is tpot
                       [--time-zone ZONE] [--database NAME] [--json]
  apiary backup TARGET                          all of the data directory, while the server works
  apiary restore FROM                           into the data directory, which must be empty
  apiary retention                              what is kept how long, and how much there is of it
  apiary retention records|events|artifacts|captures|readings [--days N|none] [--budget SIZE|none]
  apiary erase [--source ADDRESS|NETWORK] [--before TIME] [--sensor NAME] [--reference TEXT] [--yes]
                                                for good: shows what would go; with --yes it goes
  apiary evidence NUMBER FILE.zip               an incident with its records and their places, hashed and signed
  apiary verify [--since DAY]                   holds all records against the signed days; ends with 1 where they differ
  apiary verify FILE.zip [--authority sha256:…] the same of a package of evidence; needs no server
  apiary derive TYPE                            the events of a sensor type anew from its records, after its SQL changed
  apiary doctor [--json]                        what is wrong with this server, and what to do; ends with 1 or 2 then
  apiary doctor --cluster [--json]              the same of the ClickHouse cluster at CLICKHOUSE_URL
  apiary report list
  apiary report KIND/NAME [--format csv|json|html|parquet] [--last 24h | --from TIME --to TIME]
                       [--where FIELD=VALUE …]  to the standard output; FIELD as in the pages' addresses
  apiary incident NUMBER [--format stix|misp|idea|idmef|idmefv2|csv|html|suricata|snort|nftables|sigma|yara]
                       [--tlp clear|green|amber|red]
                                                an incident for others, to the standard output
  apiary feed list
  apiary feed add NAME --kind address|file|url|credential|key … [--days N] [--tlp clear|green|amber] [--stage STAGE]
                       [--service NAME …] [--family NAME …] [--allow VALUE …] [--pseudonyms]
                                                a feed of indicators by a secret link, which it prints
  apiary feed revoke ID                         its link leads nowhere at once
  apiary authority roll [intermediate|root]     new keys; collectors follow when they renew

  --data DIR      the data directory (./data, or APIARY_DATA)
  --config FILE   settings (DIR/apiary.yaml)
`;

interface Command {
  order: OrderName;
  /** Names of the words that follow. */
  words: string[];
  /** What goes to the standard output, with its last newline. */
  print: (answer: never) => string | Buffer;
}

const done = (): string => 'Done.\n';

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(3)} GB`;

const printRetention = ({ kinds }: { kinds: RetentionLine[] }): string =>
  `kind\tnow\tbudget\tdays\tcomplete from\n${kinds
    .map(
      ({ kind, bytes, bytes_max, days, kept_from }) =>
        `${kind}\t${gigabytes(bytes)}\t${bytes_max === null ? 'none' : gigabytes(bytes_max)}\t${days ?? 'none'}\t${kept_from ?? 'the beginning'}\n`,
    )
    .join('')}`;

const printErasure = ({ counts, is_done }: { counts: ErasureCounts; is_done: boolean }): string =>
  `${Object.entries(counts)
    .map(([name, count]) => `${count}\t${name.replaceAll('_', ' ')}\n`)
    .join('')}${
    is_done
      ? 'They are erased. Backups that were taken before still hold them, and collectors what they keep in their spools.\n'
      : 'Nothing was changed. To erase it for good, also where incidents are pinned, give the same command with --yes.\n'
  }`;

const printManifest = ({ manifest }: { manifest: Manifest }): string => {
  const { incident, events, records, records_missing } = manifest;
  const missing =
    records_missing === 0
      ? ''
      : `; ${records_missing} records that its events rest on have expired or were erased`;
  return `Incident ${incident}: ${events} events, ${records} records${missing}.\nCheck it with: apiary verify FILE.zip\n`;
};

const day_words = { same: 'as signed', explained: 'fewer, accounted for', wrong: 'WRONG' } as const;

/** Ends the program with 1 where something is wrong. */
function printDays({ days }: { days: DayFinding[] }): string {
  if (days.some(({ state }) => state === 'wrong')) process.exitCode = 1;
  if (days.length === 0) return 'No day is signed yet: each is when it is over (UTC).\n';
  return days
    .map(
      ({ day, state, records, differences }) =>
        `${day}\t${records} records\t${day_words[state]}\n${differences.map((text) => `  ${text}\n`).join('')}`,
    )
    .join('');
}
const printDerivation = ({ records, actions, months_changed }: Derivation): string =>
  `${records}\trecords\naction\tbefore\tafter\n${actions
    .map(({ action, before, after }) => `${action}\t${before}\t${after}\n`)
    .join('')}${
    months_changed.length === 0
      ? 'The events are those that the records give: nothing was changed.\n'
      : `Events received in ${months_changed.join(', ')} were written anew; the analysis goes through all again.\n`
  }`;

const commands: Record<string, Command> = {
  'collector add': {
    order: 'collectorAdd',
    words: ['name'],
    print: ({ command, sensors }: { command: string; sensors: string[] }) =>
      `Run this beside the honeypot within an hour; it works once:\n\n  ${command}\n\n${sensors.length === 0 ? 'It has no sensors yet: apiary sensor add NAME TYPE --collector …' : `Its sensors: ${sensors.join(', ')}`}\n`,
  },
  'collector replace': {
    order: 'collectorReplace',
    words: ['name'],
    print: ({ command }: { command: string }) =>
      `Run this on the new host within an hour; the old key ends then:\n\n  ${command}\n`,
  },
  'collector revoke': { order: 'collectorRevoke', words: ['name'], print: done },
  'collector list': {
    order: 'collectorList',
    words: [],
    print: ({
      collectors,
    }: {
      collectors: {
        name: string;
        lives_in: string;
        revoked_ms: number | null;
        sensors: { name: string; type: string }[];
      }[];
    }) =>
      collectors.length === 0
        ? 'There is no collector yet: apiary collector add NAME --lives-in …\n'
        : collectors
            .map(
              (collector) =>
                `${collector.name}\t${collector.revoked_ms === null ? collector.lives_in : 'revoked'}\t${collector.sensors.map(({ name, type }) => `${name}:${type}`).join(' ')}\n`,
            )
            .join(''),
  },
  'sensor add': { order: 'sensorAdd', words: ['name', 'type'], print: done },
  'sensor assign': { order: 'sensorAssign', words: ['name'], print: done },
  'user add': {
    order: 'userAdd',
    words: ['name'],
    print: ({ password }: { password: string }) => `Password: ${password}\n`,
  },
  'user password': {
    order: 'userPassword',
    words: ['name'],
    print: ({ password }: { password: string }) => `Password: ${password}\n`,
  },
  'user list': {
    order: 'userList',
    words: [],
    print: ({ users }: { users: { name: string; access: string; secrets: string }[] }) =>
      users.map(({ name, access, secrets }) => `${name}\t${access}\tsecrets ${secrets}\n`).join(''),
  },
  'user access': { order: 'userAccess', words: ['name'], print: done },
  backup: {
    order: 'backup',
    words: ['target'],
    print: ({ path, made }: { path: string; made: string }) => `${path} holds all as of ${made}\n`,
  },
  evidence: { order: 'evidence', words: ['number', 'target'], print: printManifest },
  verify: { order: 'verify', words: [], print: printDays },
  retention: { order: 'retention', words: ['kind'], print: printRetention },
  derive: { order: 'derive', words: ['type'], print: printDerivation },
  erase: { order: 'erase', words: [], print: printErasure },
  'report list': {
    order: 'reportList',
    words: [],
    print: ({ reports }: { reports: { id: string; title: string }[] }) =>
      reports.map(({ id, title }) => `${id}\t${title}\n`).join(''),
  },
  report: {
    order: 'report',
    words: ['name'],
    print: ({ base64 }: { base64: string }) => Buffer.from(base64, 'base64'),
  },
  incident: { order: 'incident', words: ['number'], print: ({ text }: { text: string }) => text },
  'feed list': {
    order: 'feedList',
    words: [],
    print: ({ feeds }: { feeds: Feed[] }) =>
      feeds.length === 0
        ? 'There is no feed yet: apiary feed add NAME --kind address\n'
        : feeds
            .map(
              ({ feed_id, name, revoked_ms, tlp, kinds, days, asked }) =>
                `${feed_id}\t${makePrintable(name)}\t${revoked_ms === null ? `TLP:${tlp.toUpperCase()}` : 'revoked'}\t${kinds.join(' ')}\t${days} days\tasked for ${asked} times\n`,
            )
            .join(''),
  },
  'feed add': {
    order: 'feedAdd',
    words: ['name'],
    print: ({ feed: { secret, feed_id } }: { feed: MadeFeed }) =>
      `Feed ${feed_id}. Whoever has this link has the feed; it is told this once. After the address of the pages:\n\n  /api/v1/feed/${secret}/txt\n\n…/csv and …/stix are the other forms, ?kind=address one kind of it.\n`,
  },
  'feed revoke': { order: 'feedRevoke', words: ['id'], print: done },
  'authority roll': {
    order: 'authorityRoll',
    words: ['what'],
    print: ({ rolling }: { rolling: boolean }) =>
      rolling
        ? 'The new authority issues from now on; the gateway shows it when every collector has renewed.\n'
        : 'Done.\n',
  },
};

const options = {
  data: { type: 'string' },
  config: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  'lives-in': { type: 'string' },
  interaction: { type: 'string' },
  sensor: { type: 'string', multiple: true },
  reason: { type: 'string' },
  format: { type: 'string' },
  last: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  where: { type: 'string', multiple: true },
  kind: { type: 'string', multiple: true },
  service: { type: 'string', multiple: true },
  family: { type: 'string', multiple: true },
  allow: { type: 'string', multiple: true },
  tlp: { type: 'string' },
  stage: { type: 'string' },
  pseudonyms: { type: 'boolean' },
  collector: { type: 'string' },
  role: { type: 'string' },
  honeynets: { type: 'string' },
  secrets: { type: 'string' },
  days: { type: 'string' },
  budget: { type: 'string' },
  source: { type: 'string' },
  before: { type: 'string' },
  reference: { type: 'string' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
  cluster: { type: 'boolean' },
  authority: { type: 'string' },
  since: { type: 'string' },
  tpot: { type: 'string' },
  type: { type: 'string' },
  prefix: { type: 'string' },
  database: { type: 'string' },
  'time-zone': { type: 'string' },
} as const;

class UsageError extends Error {}

/** Messages may quote what a peer or a sensor wrote: no control character of it reaches a terminal. */
const makePrintable = (message: string): string =>
  message.replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, '\ufffd');

function readArguments(
  args: string[],
): ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>> {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments(process.argv.slice(2));
  const directory = resolve(values.data ?? process.env.APIARY_DATA ?? 'data');
  if (values.help === true || positionals.length === 0 || positionals[0] === 'help') {
    process.stdout.write(usage);
    return;
  }
  if (positionals[0] === 'serve') {
    if (positionals.length > 1) throw new UsageError(`"${positionals[1]}" is one word too many`);
    await serve(directory, values.config);
    return;
  }
  if (positionals[0] === 'doctor') {
    if (positionals.length > 1) throw new UsageError(`"${positionals[1]}" is one word too many`);
    await tellFindings(directory, values);
    return;
  }
  if (positionals[0] === 'import') {
    await importHere(directory, positionals.slice(1), values);
    return;
  }
  if (positionals[0] === 'restore') {
    if (positionals.length !== 2) throw new UsageError('restore needs the directory of a backup');
    const { restoreBackup } = await import('./backup.ts');
    const { made } = await restoreBackup(resolve(positionals[1]!), directory);
    process.stdout.write(`${directory} holds what was there at ${made}; start it with: npm run serve\n`);
    return;
  }
  if (positionals[0] === 'verify' && positionals.length > 1) {
    await tellPackage(positionals, values.authority);
    return;
  }
  const { command, words } = findCommand(positionals);
  if (words.length > command.words.length) throw new UsageError(`"${words.at(-1)}" is one word too many`);
  const args: Record<string, string> = {};
  for (const [index, word] of words.entries()) args[command.words[index] as string] = word;
  if (values['lives-in'] !== undefined) args.lives_in = values['lives-in'];
  if (values.interaction !== undefined) args.interaction = values.interaction;
  if (values.yes === true) args.confirmed = 'yes';
  if (values.sensor !== undefined) args.sensors = values.sensor.join(',');
  for (const name of [
    'reason',
    'collector',
    'role',
    'honeynets',
    'secrets',
    'days',
    'budget',
    'source',
    'before',
    'reference',
    'since',
  ] as const)
    if (values[name] !== undefined) args[name] = values[name];
  if ((command.order === 'backup' || command.order === 'evidence') && args.target !== undefined)
    args.target = resolve(args.target);
  if (command.order === 'report') {
    args.filter = JSON.stringify(readFilter(values));
    if (values.format !== undefined) args.format = values.format;
  }
  if (command.order === 'incident')
    for (const name of ['format', 'tlp'] as const) if (values[name] !== undefined) args[name] = values[name];
  if (command.order === 'feedAdd') args.choice = JSON.stringify(readChoice(values));
  const answer = await giveOrder(join(directory, 'control.sock'), command.order, args);
  process.stdout.write(command.print(answer as never));
}

async function tellFindings(
  directory: string,
  values: { config?: string | undefined; json?: boolean | undefined; cluster?: boolean | undefined },
): Promise<void> {
  const findings = values.cluster === true ? await askCluster() : await askServer(directory, values.config);
  const { text, exit_code } = writeFindings(findings);
  process.stdout.write(values.json === true ? `${JSON.stringify({ findings })}\n` : makePrintable(text));
  process.exitCode = exit_code;
}

async function tellPackage(words: string[], authority: string | undefined): Promise<void> {
  if (words.length > 2) throw new UsageError(`"${words[2]}" is one word too many`);
  const fingerprint =
    authority === undefined ? undefined : /^(?:sha256:)?([0-9a-f]{64})$/i.exec(authority)?.[1];
  if (authority !== undefined && fingerprint === undefined)
    throw new UsageError(`--authority ${authority}: write sha256: and 64 hexadecimal digits`);
  const { verifyPackage } = await import('./evidence/verify-package.ts');
  const {
    manifest,
    authority: signed_by,
    wrong,
  } = await verifyPackage(resolve(words[1]!), fingerprint?.toLowerCase());
  const { incident, made, made_by, events, records } = manifest;
  const verdict = wrong.length === 0 ? 'All is as it was signed.' : wrong.join('\n');
  process.stdout.write(
    makePrintable(
      `Incident ${incident}, made ${made} by ${made_by}: ${events} events, ${records} records\nSigned by the authority sha256:${signed_by}\n${verdict}\n`,
    ),
  );
  if (fingerprint === undefined)
    process.stdout.write(
      'Whose authority that is was not checked: name the one that you trust with --authority.\n',
    );
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

async function askServer(directory: string, config_path: string | undefined): Promise<Finding[]> {
  const { examine } = await import('./doctor.ts');
  return examine(directory, config_path, Date.now());
}

async function askCluster(): Promise<Finding[]> {
  const url = process.env.CLICKHOUSE_URL;
  if (url === undefined) throw new UsageError('CLICKHOUSE_URL names no node of the cluster');
  const [{ examineCluster }, { Store }] = await Promise.all([
    import('./doctor-cluster.ts'),
    import('./store/store.ts'),
  ]);
  const store = new Store({ url });
  try {
    return await examineCluster(store, Date.now());
  } finally {
    await store.close();
  }
}

async function importHere(
  directory: string,
  paths: string[],
  values: ReturnType<typeof readArguments>['values'],
): Promise<void> {
  const [{ importCommand }, { submodules }] = await Promise.all([
    import('./import/command.ts'),
    import('@apiary/submodules/index.ts'),
  ]);
  if ((values.sensor?.length ?? 0) > 1) throw new UsageError('import takes one --sensor');
  const socket = join(directory, 'control.sock');
  process.exitCode = await importCommand({ socket, paths, values, streams: submodules });
}

/** A command is one word or two; what follows are its words. */
function findCommand(positionals: string[]): { command: Command; words: string[] } {
  for (const count of [2, 1]) {
    const name = positionals.slice(0, count).join(' ');
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command !== undefined) return { command, words: positionals.slice(count) };
  }
  throw new UsageError(`there is no command "${positionals.slice(0, 2).join(' ')}"`);
}

interface FilterOptions {
  last?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  where?: string[] | undefined;
}

/** The filter that the options say, as a query string says it. */
function readFilter({ last, from, to, where = [] }: FilterOptions): Record<string, string | string[]> {
  const filter: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries({ last, from, to }))
    if (value !== undefined) filter[name] = value;
  for (const pair of where) {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`--where ${pair}: write FIELD=VALUE`);
    const name = pair.slice(0, at);
    filter[name] = [...[filter[name] ?? []].flat(), pair.slice(at + 1)];
  }
  return filter;
}

interface ChoiceOptions {
  kind?: string[] | undefined;
  service?: string[] | undefined;
  family?: string[] | undefined;
  allow?: string[] | undefined;
  days?: string | undefined;
  tlp?: string | undefined;
  stage?: string | undefined;
  pseudonyms?: boolean | undefined;
}

/** What a feed gives, as the API takes it. */
function readChoice({ kind, service, family, allow, days, tlp, stage, pseudonyms }: ChoiceOptions): object {
  if (kind === undefined)
    throw new UsageError('a feed needs a --kind: address, file, url, credential or key');
  const parts = { kinds: kind, services: service, families: family, allow, tlp, stage, sensors: pseudonyms };
  return { ...parts, ...(days === undefined ? {} : { days: Number(days) }) };
}

async function serve(directory: string, config_path: string | undefined): Promise<void> {
  // Loaded only here: an order needs none of it.
  const [{ ApiaryServer }, { readConfig }, { submodules }] = await Promise.all([
    import('./server.ts'),
    import('./config.ts'),
    import('@apiary/submodules/index.ts'),
  ]);
  const log = (message: string): void =>
    void process.stderr.write(`${new Date().toISOString()} ${makePrintable(message)}\n`);
  const server = await ApiaryServer.start({ config: readConfig(directory, config_path), submodules, log });
  const first = server.first_administrator;
  const log_in =
    first === undefined
      ? ''
      : `Log in as ${first.name} with the password ${first.password} (shown this once)\n`;
  process.stdout.write(`Apiary is at ${server.url}\n${log_in}`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void server.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
  if (error instanceof OperationalError) {
    process.stderr.write(`${error.message}\n${error.remedy}\n`);
    process.exit(1);
  }
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE' || code === 'EACCES') {
    process.stderr.write(
      `${address}:${port} cannot be listened on (${code}): choose another in web.listen, gateway.listen or enrolment.listen of apiary.yaml\n`,
    );
    process.exit(1);
  }
  throw error;
});
