/** The rules that speak for a kind of tool: each with its weight and what it saw. */
import type { Evidence, Tool } from '@apiary/model/taxonomy.ts';
import type { GatheredAttack, TypedCommand } from './attack-row.ts';
import type { FamilyMatch } from './families.ts';
import { findOwnHost, findStarted } from './fetched.ts';

/** People need so long from one command to the next; programs do not. Seconds. */
const person_gap_s = 1.2;
const machine_gap_s = 0.35;
/** Gaps longer than this are a pause for thought, and no rhythm. */
const pause_s = 120;

interface Rhythm {
  gaps: number;
  median_s: number;
  /** Spread of the gaps by their median: machines are even, people are not. */
  spread: number;
}

function measureRhythm(commands: readonly TypedCommand[]): Rhythm {
  const gaps = [...Map.groupBy(commands, ({ session }) => session).values()].flatMap((list) =>
    list.slice(1).map(({ ts_us }, index) => (ts_us - list[index]!.ts_us) / 1e6),
  );
  const rhythm = gaps.filter((gap) => gap >= 0 && gap <= pause_s).sort((a, b) => a - b);
  if (rhythm.length === 0) return { gaps: 0, median_s: 0, spread: 0 };
  const median_s = rhythm[rhythm.length >>> 1]!;
  const deviations = rhythm.map((gap) => Math.abs(gap - median_s)).sort((a, b) => a - b);
  return {
    gaps: rhythm.length,
    median_s,
    spread: median_s === 0 ? 0 : deviations[deviations.length >>> 1]! / median_s,
  };
}

/** What people type and programs do not: looking around, corrections, mistakes. */
const by_hand = [
  /^(?:ls|cd|pwd|whoami|w|who|last|id|ps|top|history|clear|exit|help|man|su|sudo)$/,
  /^cd\s+\S+$/,
  /^ls\s+-?\w*$/,
  /^(?:vi|vim|nano|less|more)\b/,
  /^(?:sl|cd\.\.|lls|sls|ifcongif|cta|exti)\b/,
];
const toolkits =
  /\b(?:rootkit|diamorphine|reptile|adore-ng|suckit|shv[45]|jynx|azazel|bedevil|metasploit|meterpreter|empire|cobaltstrike|sliver|mimipenguin|linpeas|lse\.sh|les\.sh)\b/i;
const archive = /\b(?:tar\s+-?[a-wyz]*x\S*\s|unzip\s|gunzip\s|7z\s+x|rpm\s+-i|dpkg\s+-i)/;
/** A word that busybox does not know, to see whether a shell answers; and the head of a program, written byte by byte. */
const applet = /\bbusybox\s+[A-Z]{4,8}\b/;
const written_head = /\becho\s+-[ne]{1,2}\s+["']?(?:\\+x7f)?\\+x45\\+x4c\\+x46/i;

/** Libraries, with which programs are written. */
const library =
  /^SSH-2\.0-(?:libssh2?[-_]|paramiko|Go(?:$|\s)|AsyncSSH|JSCH|russh|makiko|phpseclib|Renci|sshlib|Granados|Twisted|ZGrab|Nmap|check_ssh|Ruby\/Net::SSH|Erlang)/i;
/** Programs with a window, in which people type. */
const window =
  /^SSH-2\.0-(?:PuTTY_Release|PuTTY_Snapshot|JuiceSSH|jsssh|OpenSSH_for_Windows|Termius|MoTTY|SecureCRT|Xshell|TTSSH|ConnectBot|WinSCP)/;

const first = (list: readonly { event_id: string }[]): string[] =>
  list.slice(0, 3).map(({ event_id }) => event_id);

const evidence = (
  says: Tool,
  rule: string,
  weight: number,
  because: string,
  events: string[] = [],
): Evidence => ({ about: 'tool', says, rule, weight, because, events });

function fromRhythm({ commands }: GatheredAttack): Evidence[] {
  const { gaps, median_s, spread } = measureRhythm(commands);
  if (gaps < 2) return [];
  const shown = first(commands);
  const told = `${gaps + 1} commands with a median of ${median_s.toFixed(2)} s between them`;
  if (median_s <= machine_gap_s)
    return [
      evidence('script or program', 'tool.rhythm.fast', 0.8, `${told}: faster than anybody types`, shown),
    ];
  if (median_s < person_gap_s) return [];
  if (spread < 0.08)
    return [
      evidence('script or program', 'tool.rhythm.even', 0.6, `${told}, evenly: a program that waits`, shown),
    ];
  return [evidence('user command', 'tool.rhythm.slow', gaps >= 5 ? 0.7 : 0.45, `${told}, unevenly`, shown)];
}

function fromTyping({ commands, user_agents, log_ins }: GatheredAttack): Evidence[] {
  const found: Evidence[] = [];
  const typed = commands.filter(({ text }) => by_hand.some((pattern) => pattern.test(text.trim())));
  if (typed.length >= 3 && typed.length / commands.length >= 0.5)
    found.push(
      evidence(
        'user command',
        'tool.typed',
        0.5,
        `${typed.length} of ${commands.length} commands look around, as people do`,
        first(typed),
      ),
    );
  const long = commands.find(({ text }) => text.length > 200 || (text.match(/;|&&|\|\|/g)?.length ?? 0) >= 4);
  if (long !== undefined)
    found.push(
      evidence('script or program', 'tool.one_line', 0.5, 'one line holds many commands: it was not typed', [
        long.event_id,
      ]),
    );
  const made_with = user_agents.find((agent) => library.test(agent));
  if (made_with !== undefined)
    found.push(
      evidence(
        'script or program',
        'tool.library',
        0.75,
        `the client is ${JSON.stringify(made_with.slice(0, 60))}: a library, and no terminal`,
      ),
    );
  const typed_in = user_agents.find((agent) => window.test(agent));
  if (typed_in !== undefined && log_ins > 0)
    found.push(
      evidence(
        'user command',
        'tool.window',
        0.5,
        `the client is ${JSON.stringify(typed_in.slice(0, 60))}: a window to type in`,
      ),
    );
  return found;
}

function fromWhatWasBrought(attack: GatheredAttack): Evidence[] {
  const { commands } = attack;
  const found: Evidence[] = [];
  const add = (
    says: Tool,
    rule: string,
    weight: number,
    because: string,
    hit?: { event_id: string },
  ): void => {
    if (hit !== undefined) found.push(evidence(says, rule, weight, because, [hit.event_id]));
  };
  const find = (pattern: RegExp) => commands.find(({ text }) => pattern.test(text));
  add('toolkit', 'tool.kit', 0.85, 'a rootkit or an exploit kit was named', find(toolkits));
  const came = attack.files.length + attack.downloads.length > 0;
  add(
    'toolkit',
    'tool.archive',
    came ? 0.6 : 0.5,
    'an archive was unpacked: a package of tools',
    find(archive),
  );
  add(
    'autonomous agent',
    'tool.started',
    0.55,
    'what was fetched was started: it goes on without whoever brought it',
    findStarted(attack),
  );
  add(
    'autonomous agent',
    'tool.own_host',
    0.7,
    'it was to be fetched from the attacker itself: what it brings is what it runs',
    findOwnHost(attack),
  );
  add(
    'autonomous agent',
    'tool.applet',
    0.6,
    'busybox was asked for a program that does not exist, as bots do to see whether a shell answers',
    find(applet),
  );
  add(
    'autonomous agent',
    'tool.written_head',
    0.6,
    'the head of a program was written byte by byte, as loaders of bots do',
    find(written_head),
  );
  return found;
}

const mailbox = /\b(mail\s+from|rcpt\s+to)\s*:\s*<?([^\s<>@]{1,64}@[^\s<>]{1,190})>?/i;

/** A mail to others than its sender is meant to be read; one to the sender tries whether mail is passed on. */
function fromMail({ service, commands, actions }: GatheredAttack): Evidence[] {
  if (service !== 'smtp' && service !== 'mail') return [];
  const named = commands.flatMap(({ text, event_id }) => {
    const found = mailbox.exec(text);
    return found === null
      ? []
      : [{ event_id, to: /rcpt/i.test(found[1]!), address: found[2]!.toLowerCase() }];
  });
  const senders = new Set(named.filter(({ to }) => !to).map(({ address }) => address));
  const others = named.filter(({ to, address }) => to && !senders.has(address));
  if (others.length > 0)
    return [
      evidence(
        'information exchange',
        'tool.mail',
        0.7,
        `a message to ${others.length} mailboxes`,
        first(others),
      ),
    ];
  if (named.some(({ to }) => to))
    return [
      evidence(
        'script or program',
        'tool.relay_test',
        0.7,
        'a message to its own sender: a test whether mail is passed on',
        first(named),
      ),
    ];
  return (actions.copy ?? 0) > 0
    ? [evidence('information exchange', 'tool.mail', 0.6, `messages over ${service}`)]
    : [];
}

function fromCounts(attack: GatheredAttack): Evidence[] {
  const found: Evidence[] = [];
  const tries = attack.actions.authenticate ?? 0;
  const seconds = Math.max((attack.last_us - attack.first_us) / 1e6, 1);
  const told = `${tries} log-ins in ${Math.round(seconds)} s`;
  if (tries >= 10) found.push(evidence('script or program', 'tool.guessing', 0.8, told));
  else if (tries >= 3 && tries / seconds > 0.3)
    found.push(evidence('script or program', 'tool.guessing', 0.6, told));
  if (attack.sensors.length >= 3)
    found.push(
      evidence(
        'script or program',
        'tool.many_sensors',
        0.6,
        `the same on ${attack.sensors.length} sensors in one visit`,
      ),
    );
  if (attack.commands.length === 0 && tries === 0 && saidSomething(attack))
    found.push(
      evidence(
        'script or program',
        'tool.scanner',
        0.7,
        `${attack.events} contacts without a command: a scanner`,
      ),
    );
  return found;
}

/** A single connection in which nothing was said may be anybody's. */
const few_contacts = 3;
const saidSomething = ({
  events,
  requests,
  signatures,
  user_agents,
  fingerprints,
}: GatheredAttack): boolean =>
  events > few_contacts || requests.length + signatures.length + user_agents.length + fingerprints.length > 0;

function fromFamilies(families: readonly FamilyMatch[]): Evidence[] {
  return families
    .filter(({ family }) => family.tool !== null)
    .map(({ family, because, events }) =>
      evidence(family.tool!, `family.${family.name}`, family.weight, `${family.title}: ${because}`, events),
    );
}

/** Nearly all that comes to a honeypot is automatic. */
const usually = (attack: GatheredAttack): Evidence[] =>
  attack.commands.length > 0 || (attack.actions.authenticate ?? 0) > 0
    ? [
        evidence(
          'script or program',
          'tool.usual',
          0.6,
          'nothing speaks for a person, and nearly all that comes to honeypots is automatic',
        ),
      ]
    : [];

/** Where a command is a message of a protocol, nobody types it. */
const spoken_by_programs = new Set([
  ...[
    'sip',
    'http',
    'https',
    'smtp',
    'pop3',
    'imap',
    'dns',
    'ntp',
    'snmp',
    'ssdp',
    'upnp',
    'coap',
    'mqtt',
    'ipp',
  ],
  ...[
    'dicom',
    'hl7',
    'modbus',
    's7comm',
    'bacnet',
    'enip',
    'iec104',
    'rtsp',
    'socks5',
    'ldap',
    'smb',
    'rdp',
    'vnc',
  ],
]);

/** What speaks for how the commands came, for what they brought, and for how much there was of it. */
export interface ToolEvidence {
  typing: Evidence[];
  brought: Evidence[];
  counts: Evidence[];
}

export function listToolEvidence(attack: GatheredAttack, families: readonly FamilyMatch[]): ToolEvidence {
  const typing = spoken_by_programs.has(attack.service) ? [] : [...fromRhythm(attack), ...fromTyping(attack)];
  const brought = [...fromFamilies(families), ...fromWhatWasBrought(attack), ...fromMail(attack)];
  const counts = fromCounts(attack);
  const is_any = typing.length + brought.length + counts.length > 0;
  return { typing, brought, counts: is_any ? counts : usually(attack) };
}
