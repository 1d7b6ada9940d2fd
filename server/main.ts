/** `apiary`: starts the server, and gives orders to one that runs. */

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { countOf } from '@apiary/model/count-of.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import { type Finding, writeFindings } from '@apiary/model/finding.ts';
import {
  type OptionValues,
  readArguments,
  refuseMoreWords,
  refuseOthers,
  UsageError,
  usageOf,
} from './command-line.ts';
import { type Command, commands, makePrintable } from './commands.ts';
import { endOnSignal } from './end-on-signal.ts';
import { giveOrder } from './give-order.ts';
import type { OrderName } from './orders.ts';

async function main(): Promise<void> {
  const { values, positionals } = readArguments(process.argv.slice(2));
  const directory = resolve(values.data ?? process.env.APIARY_DATA ?? 'data');
  const config = values.config ?? process.env.APIARY_CONFIG;
  if (values.help === true || positionals.length === 0 || positionals[0] === 'help') {
    process.stdout.write(usageOf(positionals.filter((word) => word !== 'help')));
    return;
  }
  const [word, second] = positionals as [string, ...string[]];
  if (word === 'serve') {
    refuseMoreWords(positionals, 1);
    refuseOthers(word, values, []);
    await serve(directory, config);
  } else if (word === 'gateway' && (second === 'enrol' || second === 'run')) {
    refuseMoreWords(positionals, 2);
    refuseOthers(
      `${word} ${second}`,
      values,
      second === 'enrol' ? ['server', 'token', 'authority'] : ['listen'],
    );
    const { enrolGateway, runGateway } = await import('./gateway-command.ts');
    const missing =
      second === 'enrol' ? await enrolGateway(directory, values) : await runGateway(directory, values, log);
    if (missing !== '') throw new UsageError(missing);
  } else if (word === 'doctor') {
    refuseMoreWords(positionals, 1);
    refuseOthers(word, values, ['json', 'cluster']);
    await tellFindings(directory, { ...values, config });
  } else if (word === 'import') {
    refuseOthers(word, values, ['sensor', 'type', 'prefix', 'database', 'time-zone', 'tpot', 'json']);
    await importHere(directory, positionals.slice(1), values);
  } else if (word === 'restore') {
    if (second === undefined) throw new UsageError('restore needs FROM, the directory of a backup');
    refuseMoreWords(positionals, 2);
    refuseOthers(word, values, []);
    await restoreHere(resolve(second), directory, config);
  } else if (word === 'verify' && second !== undefined) {
    refuseMoreWords(positionals, 2);
    refuseOthers(`${word} FILE.zip`, values, ['authority']);
    await tellPackage(second, values.authority);
  } else await orderServer(join(directory, 'control.sock'), positionals, values);
}

/** Everything that the running server does. */
async function orderServer(socket: string, positionals: string[], values: OptionValues): Promise<void> {
  const { name, command, words } = findCommand(positionals);
  refuseMoreWords(words, command.words.length);
  refuseOthers(name, values, command.options ?? []);
  const missing = command.words[words.length];
  if (missing !== undefined && words.length < (command.words_least ?? command.words.length))
    throw new UsageError(`${name} needs ${missing.toUpperCase()}`);
  if (command.order === 'backup') {
    const { takeBackup } = await import('./take-backup.ts');
    const path = resolve(words[0]!);
    process.stdout.write(command.print({ ...(await takeBackup(socket, path)), path } as never));
    return;
  }
  const args = argsOf(command, words, values);
  if (command.order === 'api' && args.body === '-') args.body = await text(process.stdin);
  const answer = await giveOrder(socket, command.order, args);
  if (command.order === 'evidence') {
    const { takeFile } = await import('./take-backup.ts');
    await takeFile((answer as { path: string }).path, resolve(words[1]!));
  }
  writeOut(command.print(answer as never));
}

/** What a sensor wrote may stand in it: a file takes it as it is, a terminal must not be steered by it. */
function writeOut(content: string | Buffer): void {
  const shown = process.stdout.isTTY
    ? makePrintable(String(content).replaceAll('\r\n', '\n'), '\t')
    : content;
  process.stdout.write(shown);
}

/** Words and options of a command, as its order takes them. */
function argsOf(command: Command, words: string[], values: OptionValues): Record<string, string> {
  const args: Record<string, string> = {};
  for (const [index, word] of words.entries()) args[command.words[index]!] = word;
  if (values['lives-in'] !== undefined) args.lives_in = values['lives-in'];
  if (values.interaction !== undefined) args.interaction = values.interaction;
  if (values.yes === true) args.confirmed = 'yes';
  if (values['keep-raw'] === true) args.keep_raw = 'yes';
  if (values.sensor !== undefined) args.sensors = values.sensor.join(',');
  for (const name of [
    'reason',
    'collector',
    'address',
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
  if (command.order === 'report') {
    args.filter = JSON.stringify(readFilter(values));
    if (values.format !== undefined) args.format = values.format;
  }
  if (command.order === 'incident')
    for (const name of ['format', 'tlp'] as const) if (values[name] !== undefined) args[name] = values[name];
  if (command.order === 'rulePut' || command.order === 'ruleTry') readRule(args, command.order, values);
  if (command.order === 'feedAdd') args.choice = JSON.stringify(readChoice(values));
  return args;
}

async function restoreHere(from: string, directory: string, config: string | undefined): Promise<void> {
  const { restoreBackup } = await import('./backup.ts');
  const { made } = await restoreBackup(from, directory);
  const own = join(directory, 'apiary.yaml');
  process.stdout.write(`${directory} holds what was there at ${made}.\n`);
  if (config !== undefined && existsSync(own) && resolve(config) !== own)
    process.stdout.write(
      `The settings of then are in ${own}; the server reads ${config}: put there what it lacks.\n`,
    );
  else process.stdout.write(`Start it with: npm run serve -- --data ${directory}\n`);
}

async function tellFindings(
  directory: string,
  values: { config?: string | undefined; json?: boolean | undefined; cluster?: boolean | undefined },
): Promise<void> {
  const findings =
    values.cluster === true
      ? await askCluster(directory, values.config)
      : await askServer(directory, values.config);
  const { text, exit_code } = writeFindings(findings);
  process.stdout.write(values.json === true ? `${JSON.stringify({ findings })}\n` : makePrintable(text));
  process.exitCode = exit_code;
}

async function tellPackage(path: string, authority: string | undefined): Promise<void> {
  const fingerprint =
    authority === undefined ? undefined : /^(?:sha256:)?([0-9a-f]{64})$/i.exec(authority)?.[1];
  if (authority !== undefined && fingerprint === undefined)
    throw new UsageError(`--authority ${authority}: write sha256: and 64 hexadecimal digits`);
  const { verifyPackage } = await import('./evidence/verify-package.ts');
  const {
    manifest,
    authority: signed_by,
    wrong,
  } = await verifyPackage(resolve(path), fingerprint?.toLowerCase());
  const { incident, made, made_by, events, records } = manifest;
  const verdict = wrong.length === 0 ? 'All is as it was signed.' : wrong.join('\n');
  process.stdout.write(
    makePrintable(
      `Incident ${incident}, made ${made} by ${made_by}: ${countOf(events, 'event')}, ${countOf(records, 'record')}\nSigned by the authority sha256:${signed_by}\n${verdict}\n`,
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

/** Of the nodes in CLICKHOUSE_URL, one of each shard with spaces between them; else of those in the settings. */
async function askCluster(directory: string, config_path: string | undefined): Promise<Finding[]> {
  const [{ examineCluster }, { clusterOptions }, { Store }, { readConfig }] = await Promise.all([
    import('./doctor-cluster.ts'),
    import('./store/shards.ts'),
    import('./store/store.ts'),
    import('./config.ts'),
  ]);
  let urls = (process.env.CLICKHOUSE_URL ?? '').split(/\s+/).filter((url) => url !== '');
  if (urls.length === 0) {
    const { clickhouse_url, shards = [] } = readConfig(directory, config_path).store;
    urls = shards.length > 0 || clickhouse_url === undefined ? shards : [clickhouse_url];
  }
  const [url] = urls;
  if (url === undefined)
    throw new UsageError('neither CLICKHOUSE_URL nor store.clickhouse_url names a node of the cluster');
  const store = new Store({ url, ...clusterOptions(urls) });
  try {
    return await examineCluster(store, Date.now());
  } finally {
    await store.close();
  }
}

async function importHere(directory: string, paths: string[], values: OptionValues): Promise<void> {
  const [{ importCommand }, { submodules }] = await Promise.all([
    import('./import/command.ts'),
    import('@apiary/submodules/index.ts'),
  ]);
  if ((values.sensor?.length ?? 0) > 1) throw new UsageError('import takes one --sensor');
  const socket = join(directory, 'control.sock');
  process.exitCode = await importCommand({ socket, paths, values, streams: submodules });
}

/** A command is one word or two; what follows are its words. */
function findCommand(positionals: string[]): { name: string; command: Command; words: string[] } {
  for (const count of [2, 1]) {
    const name = positionals.slice(0, count).join(' ');
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command !== undefined) return { name, command, words: positionals.slice(count) };
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
    const value = pair.slice(at + 1);
    filter[name] = filter[name] === undefined ? value : [filter[name], value].flat();
  }
  return filter;
}

/** A rule stands in a file; one that is there already can also be named when it is tried. */
function readRule(
  args: Record<string, string>,
  order: OrderName,
  values: FilterOptions & { off?: boolean | undefined },
): void {
  const word = args.rule ?? '';
  if (order === 'ruleTry') args.filter = JSON.stringify(readFilter({ ...values, where: [] }));
  if (existsSync(word)) args.rule = readFileSync(word, 'utf8');
  else if (order === 'rulePut') throw new UsageError(`there is no file "${word}" with a rule`);
  else {
    args.name = word;
    args.is_on = values.off === true ? 'no' : 'yes';
  }
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

/** Further lines of a message are set in: an attacker's text must not begin one that looks like the server's own. */
const log = (message: string): void =>
  void process.stderr.write(
    `${new Date().toISOString()} ${makePrintable(message).replaceAll('\n', '\n    ')}\n`,
  );

async function serve(directory: string, config_path: string | undefined): Promise<void> {
  // Loaded only here: an order needs none of it.
  const [{ ApiaryServer }, { readConfig }, { submodules }] = await Promise.all([
    import('./server.ts'),
    import('./config.ts'),
    import('@apiary/submodules/index.ts'),
  ]);
  const server = await ApiaryServer.start({ config: readConfig(directory, config_path), submodules, log });
  const first = server.first_administrator;
  const log_in =
    first === undefined
      ? ''
      : `Log in as ${first.name} with the password ${first.password} (shown this once)\n`;
  process.stdout.write(`Apiary is at ${server.url}\n${log_in}`);
  endOnSignal(() => server.stop());
}

/** What a person can mend about a place that was named. */
const file_codes = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ENOENT']);
const room_codes = new Set(['ENOSPC', 'EDQUOT']);

// Whoever reads the answer may have seen enough, as `head` does: that is no mistake of anybody.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

main().catch((error: unknown) => {
  if (error instanceof UsageError) {
    process.stderr.write(makePrintable(`${error.message}\n\n${usageOf(process.argv.slice(2))}`));
    process.exit(2);
  }
  if (error instanceof OperationalError) {
    process.stderr.write(makePrintable(`${error.message}\n${error.remedy}\n`));
    process.exit(1);
  }
  const { code, path, message } = error as NodeJS.ErrnoException;
  // Of the file system: the data directory, a report that is to be written.
  if (path !== undefined && code !== undefined && file_codes.has(code)) {
    process.stderr.write(`${message}\nRun it as a user who may, or name another place.\n`);
    process.exit(1);
  }
  if (code !== undefined && room_codes.has(code)) {
    process.stderr.write(`${message}\nMake room, or name another place; nothing of it was left there.\n`);
    process.exit(1);
  }
  throw error;
});
