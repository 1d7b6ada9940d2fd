/** What the command line knows: the usage, the order behind each command, and how its answer is printed. */

import type { Feed, MadeFeed } from '@apiary/model/api/feeds.ts';
import type { Rules, RuleTrial } from '@apiary/model/api/rules.ts';
import { countOf } from '@apiary/model/count-of.ts';
import { nameCharacter, splitHostile } from '@apiary/model/hostile-characters.ts';
import { import_collector_name } from '@apiary/model/import.ts';
import type { OptionName } from './command-line.ts';
import type { Derivation } from './derivation/derive.ts';
import type { Manifest } from './evidence/incident-package.ts';
import type { DayFinding } from './evidence/verify-days.ts';
import type { EnrolCommand, GatewayLine } from './gateway-orders.ts';
import type { OrderName } from './orders.ts';
import type { ErasureCounts } from './retention/erase.ts';
import type { RetentionLine } from './retention/retention-orders.ts';

/**
 * Messages may quote what a peer or a sensor wrote: no control character of it reaches a terminal, and none that turns
 * the direction of a line. Ends of lines stay.
 * @param kept more characters that stay
 */
export const makePrintable = (message: string, kept = ''): string =>
  splitHostile(message)
    .map(({ text, hidden }) =>
      hidden && text !== '\n' && !kept.includes(text) ? `[${nameCharacter(text)}]` : text,
    )
    .join('');

export const usage = `apiary, the server of Apiary

  apiary serve                                  start the server
  apiary collector add NAME --lives-in honeypot|host|elsewhere [--interaction low|medium|high]
                       [--sensor NAME:TYPE …] [--keep-raw]
                                                register a collector; prints the command to run beside the honeypot
  apiary collector list
  apiary collector replace NAME                 its host was installed anew: keeps its sensors, ends the old key
  apiary collector revoke NAME [--reason TEXT]  takes effect at once
  apiary gateway add NAME --address HOST:PORT   a gateway of its own before this server, as collectors reach it;
                                                prints the command to run on its host
  apiary gateway list
  apiary gateway replace NAME                   its host was installed anew: ends the old key
  apiary gateway revoke NAME [--reason TEXT]    takes effect at once
  apiary gateway enrol --server HOST:PORT --token TOKEN --authority sha256:HEX
                                                on the gateway's host: a key and a certificate, into --data
  apiary gateway run [--listen HOST:PORT]       start it (0.0.0.0:7443)
  apiary sensor add NAME TYPE --collector NAME [--keep-raw]
                                                with --keep-raw also of a TYPE that is not known: its lines wait raw
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
  apiary doctor --cluster [--json]              the same of the cluster in the settings, or at CLICKHOUSE_URL
  apiary report list
  apiary report KIND/NAME [--format csv|json|html|parquet] [--last 24h | --from TIME --to TIME]
                       [--where FIELD=VALUE …]  to the standard output; FIELD as in the pages' addresses
  apiary incident NUMBER [--format stix|misp|idea|idmef|idmefv2|csv|html|suricata|snort|nftables|sigma|yara]
                       [--tlp clear|green|amber|red]
                                                an incident for others, to the standard output
  apiary rule list
  apiary rule try FILE|NAME [--off] [--last 24h | --from TIME --to TIME]
                                                what a rule of families would change on past data
  apiary rule put FILE                          a rule of your own (JSON), switched off
  apiary rule on NAME                           all attacks are judged again
  apiary rule off NAME
  apiary rule remove NAME
  apiary feed list
  apiary feed add NAME --kind address|file|url|credential|key … [--days N] [--tlp clear|green|amber] [--stage STAGE]
                       [--service NAME …] [--family NAME …] [--allow VALUE …] [--pseudonyms]
                                                a feed of indicators by a secret link, which it prints
  apiary feed revoke ID                         its link leads nowhere at once
  apiary api METHOD PATH [JSON|-]               anything else that the pages can do, by the API (GET /events/count?last=24h);
                                                - takes the JSON from the standard input. All of it: /api/docs of the pages
  apiary authority roll [intermediate|root]     new keys; collectors follow when they renew

  --data DIR      the data directory (./data, or APIARY_DATA)
  --config FILE   settings (DIR/apiary.yaml)
`;

export interface Command {
  order: OrderName;
  /** Names of the words that follow. */
  words: string[];
  /** How many of them must be there; all where absent. */
  words_least?: number;
  /** What it takes beside where data and settings lie. */
  options?: readonly OptionName[];
  /** What goes to the standard output, with its last newline. */
  print: (answer: never) => string | Buffer;
}

/** A prompt begins on a line of its own; what has no text ends as it does. */
const endInLine = (bytes: Buffer): Buffer =>
  /^[{[]/.test(bytes.toString('latin1', 0, 1)) ? Buffer.concat([bytes, Buffer.from('\n')]) : bytes;

const done = (): string => 'Done.\n';

/** What must be told before a command that nobody can use yet. */
const warn = (warning: string): string => (warning === '' ? '' : `WARNING: ${warning}.\n\n`);

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
      : `; ${countOf(records_missing, 'record that its events rest on has', 'records that its events rest on have')} expired or been erased`;
  return `Incident ${incident}: ${countOf(events, 'event')}, ${countOf(records, 'record')}${missing}.\nCheck it with: apiary verify FILE.zip\n`;
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

const state_of = (is_on: boolean): string => (is_on ? 'on' : 'off');

const printRules = ({ version, own, built_in }: Rules): string =>
  `version ${version}\n${[
    ...own.map((rule) => ({ ...rule, whose: 'own' })),
    ...built_in.map((rule) => ({ ...rule, whose: 'built-in' })),
  ]
    .map(
      ({ name, is_on, whose, kind, title }) =>
        `${name}\t${state_of(is_on)}\t${whose}\t${kind}\t${makePrintable(title)}\n`,
    )
    .join('')}`;

function printTrial({
  events,
  attacks,
  changed,
  tools,
  examples,
  incidents,
  incidents_left_out,
}: RuleTrial): string {
  const lines = [
    `${countOf(events, 'event')}, ${countOf(attacks, 'attack')} gone through; ${changed} would be judged differently.`,
    ...tools.map((one) => `${one.attacks}\t${one.before} -> ${one.after}`),
    ...examples.map(
      (one) =>
        `${one.first_ts}\t${one.source}\t${one.service}\t${one.before.families.join(',') || '-'} -> ${one.after.families.join(',') || '-'}\t${one.because}`,
    ),
    ...incidents.map(
      ({ number, before, after }) =>
        `incident ${number}\t${before.attacker}: ${before.objectives.join(', ') || '-'} -> ${after.attacker}: ${after.objectives.join(', ') || '-'}`,
    ),
    ...(incidents_left_out === 0 ? [] : [`${incidents_left_out} more incidents were not judged.`]),
  ];
  return lines.map((line) => `${line.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/g, '\ufffd')}\n`).join('');
}

export const commands: Record<string, Command> = {
  'collector add': {
    order: 'collectorAdd',
    words: ['name'],
    options: ['lives-in', 'interaction', 'sensor', 'keep-raw'],
    print: ({ command, warning, sensors }: EnrolCommand & { sensors: string[] }) =>
      `${warn(warning)}Run this beside the honeypot within an hour; it works once:\n\n  ${command}\n\n${sensors.length === 0 ? 'It has no sensors yet: apiary sensor add NAME TYPE --collector …' : `Its sensors: ${sensors.join(', ')}`}\n`,
  },
  'collector replace': {
    order: 'collectorReplace',
    words: ['name'],
    print: ({ command, warning }: EnrolCommand) =>
      `${warn(warning)}Run this on the new host within an hour; the old key ends then:\n\n  ${command}\n`,
  },
  'collector revoke': { order: 'collectorRevoke', words: ['name'], options: ['reason'], print: done },
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
                `${collector.name}\t${collector.revoked_ms === null ? collector.lives_in : collector.name === import_collector_name ? 'between imports' : 'revoked'}\t${collector.sensors.map(({ name, type }) => `${name}:${type}`).join(' ')}\n`,
            )
            .join(''),
  },
  'gateway add': {
    order: 'gatewayAdd',
    words: ['name'],
    options: ['address'],
    print: ({ command, warning }: EnrolCommand) =>
      `${warn(warning)}Run this on the gateway's host within an hour; it works once:\n\n  ${command}\n\nThen start it: apiary gateway run\n`,
  },
  'gateway replace': {
    order: 'gatewayReplace',
    words: ['name'],
    print: ({ command, warning }: EnrolCommand) =>
      `${warn(warning)}Run this on the new host within an hour; the old key ends then:\n\n  ${command}\n`,
  },
  'gateway revoke': { order: 'gatewayRevoke', words: ['name'], options: ['reason'], print: done },
  'gateway list': {
    order: 'gatewayList',
    words: [],
    print: ({ gateways }: { gateways: GatewayLine[] }) =>
      gateways.length === 0
        ? 'Collectors reach the server itself: apiary gateway add NAME --address HOST:PORT\n'
        : gateways
            .map(
              ({ name, address, state, version }) =>
                `${name}\t${address}\t${state}\t${makePrintable(version)}\n`,
            )
            .join(''),
  },
  api: {
    order: 'api',
    words: ['method', 'path', 'body'],
    words_least: 2,
    print: ({ base64 }: { base64: string }) => endInLine(Buffer.from(base64, 'base64')),
  },
  'sensor add': {
    order: 'sensorAdd',
    words: ['name', 'type'],
    options: ['collector', 'keep-raw'],
    print: done,
  },
  'sensor assign': { order: 'sensorAssign', words: ['name'], options: ['collector'], print: done },
  'user add': {
    order: 'userAdd',
    words: ['name'],
    options: ['role', 'honeynets', 'secrets'],
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
  'user access': {
    order: 'userAccess',
    words: ['name'],
    options: ['role', 'honeynets', 'secrets'],
    print: done,
  },
  backup: {
    order: 'backup',
    words: ['target'],
    print: ({ path, made }: { path: string; made: string }) => `${path} holds all as of ${made}\n`,
  },
  evidence: { order: 'evidence', words: ['number', 'target'], print: printManifest },
  verify: { order: 'verify', words: [], options: ['since'], print: printDays },
  retention: {
    order: 'retention',
    words: ['kind'],
    words_least: 0,
    options: ['days', 'budget'],
    print: printRetention,
  },
  derive: { order: 'derive', words: ['type'], print: printDerivation },
  erase: {
    order: 'erase',
    words: [],
    options: ['source', 'before', 'sensor', 'reference', 'yes'],
    print: printErasure,
  },
  'report list': {
    order: 'reportList',
    words: [],
    print: ({ reports }: { reports: { id: string; title: string }[] }) =>
      reports.map(({ id, title }) => `${id}\t${title}\n`).join(''),
  },
  report: {
    order: 'report',
    words: ['name'],
    options: ['format', 'last', 'from', 'to', 'where'],
    print: ({ base64 }: { base64: string }) => Buffer.from(base64, 'base64'),
  },
  incident: {
    order: 'incident',
    words: ['number'],
    options: ['format', 'tlp'],
    print: ({ text }: { text: string }) => text,
  },
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
    options: ['kind', 'service', 'family', 'allow', 'days', 'tlp', 'stage', 'pseudonyms'],
    print: ({ feed: { secret, feed_id } }: { feed: MadeFeed }) =>
      `Feed ${feed_id}. Whoever has this link has the feed; it is told this once. After the address of the pages:\n\n  /api/v1/feed/${secret}/txt\n\n…/csv and …/stix are the other forms, ?kind=address one kind of it.\n`,
  },
  'feed revoke': { order: 'feedRevoke', words: ['id'], print: done },
  'rule list': { order: 'ruleList', words: [], print: printRules },
  'rule try': {
    order: 'ruleTry',
    words: ['rule'],
    options: ['off', 'last', 'from', 'to'],
    print: printTrial,
  },
  'rule put': {
    order: 'rulePut',
    words: ['rule'],
    print: ({ name }: { name: string }) =>
      `It is there, switched off. Try it: apiary rule try ${name} --last 30d; then: apiary rule on ${name}\n`,
  },
  'rule on': { order: 'ruleOn', words: ['name'], print: done },
  'rule off': { order: 'ruleOff', words: ['name'], print: done },
  'rule remove': { order: 'ruleRemove', words: ['name'], print: done },
  'authority roll': {
    order: 'authorityRoll',
    words: ['what'],
    words_least: 0,
    print: ({ rolling }: { rolling: boolean }) =>
      rolling
        ? 'The new authority issues from now on; the gateway shows it when every collector has renewed.\n'
        : 'Done.\n',
  },
};
