/** What commands and files say about what somebody is after; judge-incident.ts weighs them over a whole incident. */
import { countOf } from '@apiary/model/count-of.ts';
import type { GatheredAttack } from './attack-row.ts';
import { program } from './shell.ts';

export const signal_names = [
  'mining',
  'ransom',
  'wiping',
  'defacement',
  'proxy',
  'mail',
  'documents',
  'industrial',
  'credentials',
  'spreading',
  'flooding',
  'boasting',
  'politics',
] as const;
export type SignalName = (typeof signal_names)[number];

export interface Signal {
  name: SignalName;
  because: string;
  events: string[];
}

/** Distances have a limit: a pattern must not take the square of a command's length. */
const in_commands: readonly { name: SignalName; pattern: RegExp; because: string }[] = [
  {
    name: 'mining',
    pattern:
      /\b(?:xmrig|minerd|cpuminer|xmr-stak|stratum\+\w+|c3pool|nanopool|minexmr|supportxmr|kdevtmpfsi|kinsing)\b/i,
    because: 'mining software or a mining pool was named',
  },
  {
    name: 'ransom',
    pattern:
      /\b(?:your (?:files|data|databases?) (?:are|have been|is|was) (?:encrypted|backed up|stolen)|\.onion\b.{0,200}\bbitcoin|pay .{0,20}(?:btc|bitcoin)|warning_readme|read_?me_to_(?:recover|decrypt))/i,
    because: 'a ransom note',
  },
  {
    name: 'wiping',
    pattern:
      /\brm\s+-[rf]{1,2}\s+(?:--no-preserve-root\s+)?\/(?:\*|\s|$)|\bdd\s+if=\/dev\/(?:zero|u?random)\s+of=\/dev\/[hsv]d|\bmkfs\.|\bdrop\s+database\b|\bFLUSHALL\b/i,
    because: 'data were to be destroyed',
  },
  {
    name: 'defacement',
    pattern:
      /\b(?:hacked|owned|pwned|defaced) by\b.{0,200}(?:index|html|www)|(?:index\.(?:html?|php)).{0,200}\b(?:hacked|defaced) by\b/i,
    because: 'a page was to be replaced by a boast',
  },
  {
    name: 'boasting',
    pattern: /\b(?:hacked|owned|pwned) by\s+\S+|\bgreetz?\s+to\b/i,
    because: 'the attacker left a name',
  },
  {
    name: 'documents',
    pattern:
      /\bfind\b.{0,200}\.(?:docx?|xlsx?|pdf|pst|kdbx|pptx?)\b|\b(?:cat|scp|tar|zip|cp)\b.{0,200}\.(?:docx?|xlsx?|pdf|pst|kdbx|pptx?)\b/i,
    because: 'documents were looked for or taken',
  },
  {
    name: 'credentials',
    pattern:
      /\/etc\/shadow|\.aws\/credentials|\bid_(?:rsa|ed25519)\b|wallet\.dat|\.git-credentials|mimipenguin/i,
    because: 'credentials were looked for',
  },
  {
    name: 'spreading',
    pattern: new RegExp(`${program('masscan|zmap|pnscan|zgrab')}|\\bscan(?:ner)?\\.(?:sh|pl|py)\\b`, 'i'),
    because: 'a scanner was to run here',
  },
  {
    name: 'flooding',
    pattern: /\b(?:slowloris|hping3?|goldeneye|udp\.pl|syn\s*flood|ddos)\b/i,
    because: 'a flooding tool was named',
  },
  {
    name: 'mail',
    pattern: /\b(?:sendmail|phpmailer|swaks|mass\s*mailer|spam)\b/i,
    because: 'mail was to be sent in bulk',
  },
  {
    name: 'politics',
    // The name of an operation, and no piece of something encoded.
    pattern:
      /(?<![\w/=&?.])#[oO]p[A-Z][a-z]{3,20}\b|\banonymous\s+(?:cyber|collective)|\bslava\s+ukrain|\bfree\s+palestine\b|\bjihad\b/,
    because: 'a political cause was named',
  },
];

const industrial = new Set([
  'modbus',
  's7comm',
  'bacnet',
  'enip',
  'iec104',
  'dnp3',
  'kamstrup',
  'kamstrup_meter',
  'guardian_ast',
]);
const changing = ['modify', 'delete', 'input'];

export function listSignals(attack: GatheredAttack): Signal[] {
  const signals = in_commands.flatMap(({ name, pattern, because }): Signal[] => {
    const hit = attack.commands.find(({ text }) => pattern.test(text));
    return hit === undefined ? [] : [{ name, because, events: [hit.event_id] }];
  });
  const { bypass = 0, flood = 0 } = attack.actions;
  if (bypass > 0) {
    const mail =
      attack.service === 'smtp' || attack.commands.some(({ text }) => /:(?:25|465|587)\b/.test(text));
    signals.push({
      name: mail ? 'mail' : 'proxy',
      because: `${countOf(bypass, 'connection was', 'connections were')} to be passed on`,
      events: [],
    });
  }
  if (flood > 0) signals.push({ name: 'flooding', because: countOf(flood, 'flood'), events: [] });
  if (attack.outbound > 0)
    signals.push({
      name: 'spreading',
      because: `${countOf(attack.outbound, 'connection')} to others`,
      events: [],
    });
  if (industrial.has(attack.service) && changing.some((action) => (attack.actions[action] ?? 0) > 0))
    signals.push({
      name: 'industrial',
      because: `commands to ${attack.service}, which moves machines`,
      events: attack.commands.slice(0, 1).map(({ event_id }) => event_id),
    });
  return signals;
}
