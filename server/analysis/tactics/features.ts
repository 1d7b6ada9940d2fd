/** What the model of tactics looks at in a statement: programs and places that it knows by name, and shapes of words. */
import programs from './programs.json' with { type: 'json' };

/** Programs by what they are for: `{"network fetch": ["wget", …]}`; a name stands in one group. */
const groups = new Map(
  Object.entries(programs).flatMap(([group, names]) => names.map((name) => [name, group])),
);

/** Words that mean something wherever they stand: [name, pattern]. Bounded, because commands are the attacker's. */
const word_shapes: readonly (readonly [string, RegExp])[] = [
  ['url', /^['"]?(?:https?|ftp|tftp):\/\//i],
  ['address', /\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/],
  ['remote path', /^[\w.-]+@[\w.-]+(?::|$)/],
  ['cpuinfo', /\/proc\/(?:cpuinfo|meminfo|version|uptime|loadavg)/],
  ['mounts', /\/proc\/(?:self\/)?mounts/],
  ['proc', /\/proc\//],
  ['self', /\/proc\/self\/exe|\/bin\/(?:echo|ls|sh)$/],
  ['accounts', /\/etc\/(?:passwd|group)$/],
  ['shadow', /\/etc\/shadow/],
  ['system file', /\/etc\/(?:issue|os-release|\w+-release|fstab|hosts|hostname|resolv\.conf)/],
  ['own file', /^(?:\/home\/|\/root\/|~\/)/],
  ['mail or data', /\/var\/(?:mail|lib|www|spool\/mail)|\.(?:sql|db|tdb|docx?|xlsx?|pdf|txt)$/],
  ['etc', /^\/etc\//],
  ['ssh folder', /(?:^|\/)\.ssh(?:\/|$)/],
  ['authorized keys', /authorized_keys/],
  ['public key', /^ssh-(?:rsa|ed25519|dss)$/],
  ['private key', /\bid_(?:rsa|ed25519|dsa)\b/],
  ['cron', /\/cron(?:tab|\.|\/|$)|\/spool\/cron/],
  ['startup', /\/etc\/(?:init\.d|rc|systemd|profile)|\.bashrc|\.profile/],
  ['history', /_history|HISTFILE|HISTSIZE|HISTSAVE|^history$/],
  ['log file', /\/var\/log|\/var\/run\/utmp|wtmp|lastlog/],
  ['firewall', /iptables|firewalld|ufw|SuSEfirewall/i],
  ['temporary', /^['"]?\/(?:tmp|var\/tmp|dev\/shm|var\/run|mnt|var)(?:\/|$)/],
  ['hidden file', /(?:^|\/)\.[A-Za-z0-9]/],
  ['device', /^(?:if=|of=)?\/dev\/(?!null|shm|tcp)/],
  ['socket', /\/dev\/(?:tcp|udp)\//],
  ['null', /\/dev\/null/],
  ['script', /\.(?:sh|pl|py|php)\b/],
  ['archive', /\.(?:tar|tgz|gz|zip|xz)\b/],
  [
    'binary of a machine',
    /(?:^|[._/-])(?:x86|x86_64|i[3-6]86|arm[4-8]?l?|mips|mipsel|mpsl|ppc|sh4|m68k|spc)(?:$|[._-])/,
  ],
  ['home', /^~\/?$/],
  ['root folder', /^\/\*?$/],
  ['everything', /^\*$/],
  ['this folder', /^\.\//],
  ['hex', /\\\\?x[0-9a-f]{2}/i],
  ['octal', /\\\\?0?[0-3][0-7]{2}\\/],
  ['long base64', /^['"]?[A-Za-z0-9+/]{60,}={0,2}/],
  ['pair', /^['"]?[\w.-]{1,32}:[^/\s:]{3,64}['"]?$/],
  ['miner', /xmrig|minerd|stratum|c3pool|kinsing|monero|cnrig|\bxmr/i],
  ['variable', /^\$/],
  ['substitution', /\$\(|`/],
  ['append', /^>>/],
  ['write', /^>[^>]?/],
  ['read in', /^<$/],
  ['number', /^\d+$/],
  ['mode all', /^(?:0?7[0-7][0-7]|\+x|u\+x|a\+x)$/],
  ['mode', /^0?[0-6][0-7]{2}$/],
  ['immutable', /^[+-][aiu]{1,3}$/],
];
const words_max = 40;
const word_bytes_max = 200;

export interface Read {
  program: string;
  group: string;
  /** What else it shows, each once. */
  shapes: string[];
}

const unwrapped = new Set([
  'busybox',
  'sudo',
  'nohup',
  'exec',
  'command',
  'env',
  'timeout',
  'time',
  'then',
  'do',
  'else',
  '!',
  '{',
]);

/** Statement as text to what the model sees of it. */
export function readStatement(text: string): Read {
  const words = text
    .slice(0, words_max * word_bytes_max)
    .split(/\s+/)
    .slice(0, words_max)
    .map((word) => word.slice(0, word_bytes_max));
  const shapes = new Set<string>();
  let at = 0;
  while (at < words.length - 1) {
    const word = words[at]!;
    if (/^\w+=\S*$/.test(word)) shapes.add('setting before');
    else if (unwrapped.has(nameOf(word))) shapes.add(`by ${nameOf(word)}`);
    else break;
    at += 1;
  }
  const first = words[at] ?? '';
  const { program, group } = nameProgram(first);
  const rest = words.slice(at + 1);
  for (const word of rest) for (const shape of shapesOf(word)) shapes.add(shape);
  for (const word of rest.slice(0, 5))
    if (groups.has(nameOf(word))) shapes.add(`names ${groups.get(nameOf(word))}`);
  for (const shape of shapesOf(first)) shapes.add(`first ${shape}`);
  if (/>>/.test(text)) shapes.add('append');
  else if (/(?:^|[^0-9&>])>/.test(text)) shapes.add('write');
  if (rest.length === 0) shapes.add('alone');
  return { program, group, shapes: [...shapes] };
}

const shapesOf = (word: string): string[] => {
  const found = word_shapes.filter(([, pattern]) => pattern.test(word)).map(([name]) => name);
  if (/^-{1,2}[A-Za-z?]/.test(word)) found.push(`option ${word.slice(0, 6).replace(/[^-\w]/g, '')}`);
  return found;
};

const nameOf = (word: string): string =>
  word
    .replace(/^['"$(`{]+/, '')
    .replace(/^.*\//, '')
    .replace(/['")`};:]+$/, '')
    .toLowerCase();

function nameProgram(word: string): { program: string; group: string } {
  const name = nameOf(word);
  const group = groups.get(name);
  if (group !== undefined) return { program: name, group };
  if (/^\w+=/.test(word)) return { program: 'a setting', group: 'a setting' };
  if (/^C0[0-7]{3}$/.test(word)) return { program: 'a message of scp', group: 'a message of scp' };
  if (/^[<>]/.test(word)) return { program: 'a redirection', group: 'a redirection' };
  if (/^(?:\.\/|\/tmp\/|\/var\/|\/dev\/shm\/|\$\w+\/)/.test(word))
    return { program: 'a file left here', group: 'a file left here' };
  if (/^[#/(['"$]/.test(word)) return { program: 'something quoted', group: 'something quoted' };
  return { program: 'no known program', group: 'no known program' };
}

/** Features of each statement of a session, with those of its neighbours. */
export function listFeatures(texts: readonly string[], joints?: readonly string[]): string[][] {
  const reads = texts.map(readStatement);
  const count = texts.length === 1 ? 'one' : texts.length <= 3 ? 'few' : texts.length <= 12 ? 'some' : 'many';
  const of_session = new Set(
    reads.flatMap(({ group, shapes }) => [group, ...shapes.filter((shape) => telling.has(shape))]),
  );
  const runs = reads.map(
    ({ program, group }, i) =>
      program === 'a file left here' || (group === 'shell' && texts[i]!.includes(' ')),
  );
  const last_run = runs.lastIndexOf(true);
  const first_fetch = reads.findIndex(({ group }) => fetching.has(group));
  return reads.map((read, i) => {
    const found = ['any', `program ${read.program}`, `group ${read.group}`, `length ${count}`];
    for (const shape of read.shapes) found.push(shape, `${read.group} + ${shape}`);
    found.push(`group ${read.group} of ${count}`);
    for (const [name, by] of [
      ['before', -1],
      ['after', 1],
      ['two before', -2],
      ['two after', 2],
      ['three after', 3],
    ] as const) {
      const other = reads[i + by];
      if (other === undefined) {
        if (by === 1 || by === -1) found.push(`nothing ${name}`);
        continue;
      }
      found.push(`${name}: ${other.program}`, `${read.group}, ${name}: ${other.group}`);
      for (const shape of other.shapes) if (telling.has(shape)) found.push(`${name}: ${shape}`);
    }
    for (const word of of_session) found.push(`session: ${word}`, `${read.group} in a session with ${word}`);
    const runs_later =
      last_run > i
        ? 'a file is run later'
        : last_run === i
          ? 'the last file run'
          : last_run < 0
            ? 'no file is ever run'
            : 'files were run before';
    found.push(runs_later, `${read.group}, ${runs_later}`);
    if (first_fetch >= 0)
      found.push(
        first_fetch < i ? 'after a fetch' : 'before a fetch',
        `${read.group}, ${first_fetch < i ? 'after a fetch' : 'before a fetch'}`,
      );
    if (joints?.[i] !== undefined) found.push(`joined by ${joints[i]}`);
    return found;
  });
}

const fetching = new Set(['fetch', 'fetch small', 'copy over ssh']);

/** Shapes that say something of their neighbours too. */
const telling = new Set([
  'url',
  'authorized keys',
  'ssh folder',
  'pair',
  'hex',
  'long base64',
  'cpuinfo',
  'mounts',
  'miner',
  'firewall',
  'history',
  'hidden file',
  'first this folder',
  'mode all',
  'shadow',
  'accounts',
  'temporary',
  'home',
  'variable',
  'binary of a machine',
]);
