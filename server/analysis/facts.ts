/**
 * Facts: what an attack has that another may share. Each has a time, so that linking can go through all facts of all
 * attacks in one order, and an attack that goes on only adds facts at its end.
 */
import { hash } from 'node:crypto';
import { empty_files } from '@apiary/model/empty-files.ts';
import type { GatheredAttack, TypedCommand } from './attack-row.ts';
import { isInner } from './inner-addresses.ts';
import { remember } from './remembered.ts';
import { normalizeLines } from './shell.ts';

export const fact_kinds = [
  'source',
  'file',
  'url',
  'host',
  'key',
  'wallet',
  'control',
  'mailbox',
  'relay',
  'script',
  'sequence',
  'near',
  'credentials',
  'print',
] as const;
export type FactKind = (typeof fact_kinds)[number];

export interface Fact {
  ts_us: number;
  kind: FactKind;
  /** What is compared. */
  value: string;
  event_id: string;
}

const facts_of_kind_max = 20;
/** An attack that lasts longer is known by its end as well as by its beginning. */
const long_us = 600_000_000;
/** Pairs that must come in the same order; shorter lists are alike by chance. */
const credentials_min = 8;
/** A sequence of so many different statements is not alike by chance; of loaders, which are copied, it takes more. */
const script_min = 5;
const own_script_min = 8;

/** Made of bytes, so that it is a string of its own and holds no longer one in memory. */
const shorten = (text: string): string => hash('sha256', text, 'buffer').toString('hex', 0, 12);

/**
 * Each way of finding a value in a command, and the kind of what it finds. What repeats has a limit or but one way to
 * match: commands are the attacker's, and a pattern must not take the square of their length.
 */
const extractors: readonly { kind: FactKind; pattern: RegExp; value: (match: RegExpMatchArray) => string }[] =
  [
    {
      kind: 'key',
      pattern: /ssh-(?:rsa|dss|ed25519)\s+(AAAA[A-Za-z0-9+/]{60,}={0,2})/g,
      value: ([, key]) => key!,
    },
    {
      kind: 'key',
      pattern: /ecdsa-sha2-[a-z0-9]{1,32}\s+(AAAA[A-Za-z0-9+/]{60,}={0,2})/g,
      value: ([, key]) => key!,
    },
    { kind: 'wallet', pattern: /\b[48][0-9AB][1-9A-HJ-NP-Za-km-z]{93}\b/g, value: ([wallet]) => wallet },
    { kind: 'wallet', pattern: /\bbc1[02-9ac-hj-np-z]{25,62}\b/g, value: ([wallet]) => wallet },
    { kind: 'wallet', pattern: /\b0x[0-9a-fA-F]{40}\b/g, value: ([wallet]) => wallet.toLowerCase() },
    {
      kind: 'control',
      pattern: /\/dev\/(?:tcp|udp)\/([\w.-]{4,80})\/(\d{1,5})/g,
      value: ([, host, port]) => `${host}:${port}`,
    },
    {
      kind: 'control',
      pattern: /\bstratum\+\w+:\/\/([\w.-]{4,80}):(\d{1,5})/g,
      value: ([, host, port]) => `${host}:${port}`,
    },
    {
      kind: 'control',
      pattern: /\bnc(?:at)?\s+(?:-\w+\s+){0,12}((?:\d{1,3}\.){3}\d{1,3})\s+(\d{1,5})\b/g,
      value: ([, host, port]) => `${host}:${port}`,
    },
    {
      kind: 'control',
      pattern: /\bslaveof\s+((?:\d{1,3}\.){3}\d{1,3})\s+(\d{1,5})\b/gi,
      value: ([, host, port]) => `${host}:${port}`,
    },
    {
      kind: 'mailbox',
      pattern: /\b(?:mail\s{1,4}from|rcpt\s{1,4}to)\s{0,4}:\s{0,4}<?([^\s<>@]{1,64}@[^\s<>]{1,190})/gi,
      value: ([, address]) => address!.toLowerCase(),
    },
    {
      kind: 'url',
      pattern: /\b(?:https?|ftp|tftp):\/\/[^\s'"<>|;&)`]{4,500}/g,
      value: ([url]) => url,
    },
    {
      kind: 'host',
      pattern: /\b(?:https?|ftp|tftp):\/\/(?:[^@/\s'"]*@)?(\[[0-9a-f:]+\]|[\w.-]{3,253})/g,
      value: ([, host]) => host!.toLowerCase(),
    },
    {
      kind: 'host',
      pattern: /\b(?:tftp|ftpget)\s+(?:-\w+\s+(?:[^\s-]\S*\s+)?){0,12}?((?:\d{1,3}\.){3}\d{1,3})\b/g,
      value: ([, host]) => host!,
    },
  ];

/** A copy that does not hold the text in memory of which it is a part. */
function copyOf(text: string): string {
  // Most are Latin; of others half a pair may stand at the end, which UTF-8 does not keep.
  const encoding = /^[\x00-\xff]*$/.test(text) ? 'latin1' : 'utf16le';
  return Buffer.from(text, encoding).toString(encoding);
}

/** All values that a command names. */
const valuesIn = remember(
  (command) =>
    extractors.flatMap(({ kind, pattern, value }) =>
      [...command.matchAll(pattern)].map((match) => ({ kind, value: copyOf(value(match)) })),
    ),
  { entries_max: 10_000, length_max: 1000 },
);

function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^@/]*@)?(\[[0-9a-f:]+\]|[^/:?#]+)/i.exec(url)?.[1]?.toLowerCase() ?? '';
}

/** The commands of each session; without sessions all are one. */
const bySession = (commands: readonly TypedCommand[]): TypedCommand[][] => [
  ...Map.groupBy(commands, ({ session }) => session).values(),
];

const bands = [0, 1, 2, 3];
/** Two hashes of a statement for each band. */
const hashesOf = remember(
  (statement) => bands.map((band) => [0, 1].map((row) => shorten(`${band}.${row} ${statement}`))),
  { entries_max: 20_000, length_max: 1000 },
);

/** Four values of which two lists of statements share one the likelier, the more alike they are. */
function nearValues(statements: readonly string[]): string[] {
  const distinct = [...new Set(statements)];
  if (distinct.length < 4) return [];
  const hashes = distinct.map(hashesOf);
  return bands.map((band) => {
    const least = [0, 1].map((row) =>
      hashes.map((of_band) => of_band[band]![row]!).reduce((a, b) => (a < b ? a : b)),
    );
    return shorten(`${band} ${least.join(' ')}`);
  });
}

/** Addresses of inner networks are anybody's: they tell no two attackers apart, and none from himself. */
function isNobodys({ kind, value }: Fact): boolean {
  if (kind === 'host' || kind === 'control') return isInner(value);
  return kind === 'url' && isInner(hostOf(value));
}

/** What is fetched from the attacker itself, or from its own network, is at another place with each of a worm's hosts. */
function hideOwn(text: string, own: string): string {
  return text.replace(/\b(?:https?|ftp|tftp):\/\/([\d.]{7,15})[^\s'"<>|;]*/g, (whole, host: string) =>
    host === own || isInner(host) ? 'OWN' : whole,
  );
}

function sequenceFacts(attack: GatheredAttack): Fact[] {
  const own = attack.attacker_ip.replace('::ffff:', '');
  return bySession(attack.commands).flatMap((commands) => {
    const statements = normalizeLines(commands.map(({ text }) => hideOwn(text, own)));
    // One word is everybody's, however often it is sent.
    if (new Set(statements).size < 2) return [];
    const { ts_us, event_id } = commands.at(-1)!;
    const value = shorten(statements.join('\n'));
    // Loaders are copied from kit to kit: what tells their owners apart is where they fetch from.
    const fetches_own = statements.some((statement) => /\bOWN\b/.test(statement));
    const is_script =
      new Set(statements).size >= (fetches_own ? own_script_min : script_min) &&
      !statements.some((statement) => /\b(?:URL|ADDRESS)\b/.test(statement));
    return [
      ...(is_script ? [{ ts_us, event_id, kind: 'script' as const, value }] : []),
      { ts_us, event_id, kind: 'sequence' as const, value },
      ...nearValues(statements).map((near) => ({ ts_us, event_id, kind: 'near' as const, value: near })),
    ];
  });
}

/** Whom the honeypot was to be connected to, by whose client: what one program tries its finds with. */
function relayFacts({ relays, fingerprints, service }: GatheredAttack): Fact[] {
  return relays.map(({ ts_us, event_id, text }) => ({
    ...{ ts_us, event_id, kind: 'relay' as const },
    value: shorten(`${fingerprints[0] ?? ''} ${service} ${text}`),
  }));
}

function credentialFacts({ credentials }: GatheredAttack): Fact[] {
  const pairs = credentials.filter(({ text }, index) => text !== credentials[index - 1]?.text);
  const last = pairs[credentials_min - 1];
  if (last === undefined) return [];
  const value = shorten(
    pairs
      .slice(0, credentials_min)
      .map(({ text }) => text)
      .join(' '),
  );
  return [{ ts_us: last.ts_us, event_id: last.event_id, kind: 'credentials', value }];
}

/** A fingerprint is many people's; with what was done first it is one program's. */
function printFacts(attack: GatheredAttack): Fact[] {
  const [print] = attack.fingerprints;
  if (print === undefined) return [];
  const first = attack.commands[0];
  const pair = attack.credentials[0];
  const shown = first ?? pair;
  if (shown === undefined) return [];
  const behaviour = first === undefined ? `pair ${pair!.text}` : normalizeLines([first.text]).join('\n');
  return [
    {
      ts_us: shown.ts_us,
      event_id: shown.event_id,
      kind: 'print',
      value: shorten(`${print} ${attack.service} ${behaviour}`),
    },
  ];
}

function contentFacts(attack: GatheredAttack): Fact[] {
  const files = attack.files
    .filter(({ text }) => !empty_files.has(text))
    .map(({ ts_us, event_id, text }): Fact => ({ ts_us, event_id, kind: 'file', value: text }));
  const downloads = attack.downloads.flatMap(({ ts_us, event_id, text }): Fact[] => {
    const host = hostOf(text);
    if (host === '') return [];
    return [
      { ts_us, event_id, kind: 'url', value: text },
      { ts_us, event_id, kind: 'host', value: host },
    ];
  });
  const typed = attack.commands.flatMap(({ ts_us, event_id, text }) =>
    valuesIn(text).map(({ kind, value }): Fact => ({ ts_us, event_id, kind, value })),
  );
  return [...files, ...downloads, ...typed].filter((fact) => !isNobodys(fact));
}

/** The facts of an attack in order of time, each value once, a bounded number of each kind. */
export function listFacts(attack: GatheredAttack): Fact[] {
  const { first_us, last_us, attack_id } = attack;
  const source = `${attack.source} ${attack.net}`;
  const facts: Fact[] = [
    { ts_us: first_us, event_id: attack_id, kind: 'source', value: source },
    ...contentFacts(attack),
    ...relayFacts(attack),
    ...sequenceFacts(attack),
    ...credentialFacts(attack),
    ...printFacts(attack),
  ];
  const kept = new Map<string, Fact>();
  const counts = new Map<FactKind, number>();
  for (const fact of facts.sort((a, b) => a.ts_us - b.ts_us)) {
    const key = `${fact.kind} ${fact.value}`;
    const count = counts.get(fact.kind) ?? 0;
    if (kept.has(key) || count >= facts_of_kind_max) continue;
    kept.set(key, fact);
    counts.set(fact.kind, count + 1);
  }
  const listed = [...kept.values()];
  // The end of a long one is a fact too: who comes back is compared with when it left.
  if (last_us - first_us > long_us)
    listed.push({ ts_us: last_us, event_id: attack_id, kind: 'source', value: source });
  return listed;
}
