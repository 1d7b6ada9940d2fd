/** How far an attack got, what came of it in Howard's terms, and what kind of weakness it was against. */
import { countOf } from '@apiary/model/count-of.ts';
import type { Evidence, Result, Stage, Weakness } from '@apiary/model/taxonomy.ts';
import type { GatheredAttack } from './attack-row.ts';
import { program } from './shell.ts';
import { fetching } from './techniques.ts';

const many = (attack: GatheredAttack, ...actions: string[]): number =>
  actions.reduce((sum, action) => sum + (attack.actions[action] ?? 0), 0);

/** Commands that start something against others, or that make the machine a relay. */
const spreading = new RegExp(
  [
    program('masscan|zmap|zgrab|pnscan|hping3?|slowloris|goldeneye'),
    `${program('perl|python[23]?|sh|bash')}\\s+\\S{0,64}(?:slowloris|goldeneye)`,
    `${program('nmap')}\\s+-`,
    `${program('ssh|sshpass')}\\s[^;&|]{0,200}@\\d{1,3}\\.`,
    '\\b(?:for|while)\\b.{0,400}\\b(?:ssh|telnet|nc)\\s',
  ].join('|'),
  'i',
);

/** @returns the farthest stage that its events show, with what shows it */
export function judgeStage(attack: GatheredAttack): { stage: Stage; evidence: Evidence } {
  const first = (list: readonly { event_id: string }[]): string[] =>
    list.slice(0, 3).map(({ event_id }) => event_id);
  const told = (stage: Stage, rule: string, because: string, events: string[] = []) => ({
    stage,
    evidence: { about: 'stage', says: stage, rule, weight: 1, because, events },
  });
  const spread = attack.commands.find(({ text }) => spreading.test(text));
  if (attack.outbound > 0)
    return told(
      'spread from here',
      'stage.outbound',
      `${countOf(attack.outbound, 'connection')} went out of the honeypot`,
    );
  if (spread !== undefined)
    return told('spread from here', 'stage.spreading', 'a command was to attack others', [spread.event_id]);
  if (many(attack, 'bypass') > 0)
    return told('spread from here', 'stage.relay', 'the honeypot was asked to pass connections on to others');
  const brought = many(attack, 'download');
  if (brought > 0)
    return told(
      'brought a tool',
      'stage.download',
      `${countOf(brought, 'file')} came or ${brought === 1 ? 'was' : 'were'} to be fetched`,
      first([...attack.files, ...attack.downloads]),
    );
  // A honeypot that reaches nobody tells of no download.
  const asked = attack.commands.find(({ text }) => fetching.test(text));
  if (asked !== undefined)
    return told('brought a tool', 'stage.fetch', 'a command was to fetch a file', [asked.event_id]);
  const acted = many(attack, 'input', 'read', 'copy', 'steal', 'modify', 'delete');
  if (acted > 0)
    return told(
      'acted',
      'stage.input',
      countOf(acted, 'command or change', 'commands or changes'),
      first(attack.commands),
    );
  if (attack.log_ins > 0)
    return told('got in', 'stage.log_in', `${countOf(attack.log_ins, 'log-in')} succeeded`);
  const tried = many(attack, 'authenticate', 'spoof');
  if (tried > 0)
    return told('tried to get in', 'stage.authenticate', `${countOf(tried, 'attempt')} to log in`);
  if (attack.cve !== '' || attack.signatures.length > 0)
    return told(
      'tried to get in',
      'stage.exploit',
      `a sensor named ${attack.cve === '' ? attack.signatures[0] : attack.cve}`,
    );
  if (many(attack, 'flood') > 0) return told('acted', 'stage.flood', countOf(many(attack, 'flood'), 'flood'));
  return told('probed', 'stage.probe', `${countOf(attack.events, 'contact')}, and nothing more`);
}

const stealing =
  /\b(?:xmrig|minerd|cpuminer|cryptonight|stratum\+|xmr-stak|kdevtmpfsi|c3pool|nanopool|minexmr)\b/i;
/** Accounts and the history are secrets to who reads them, not to who deletes or overwrites them. */
const disclosing =
  /\.aws\/credentials|id_rsa\b|wallet\.dat|(?:^|[;&|]\s{0,9})locate\s|\b(?:cat|less|more|head|tail|grep|strings|awk|cut|base64|cp|scp|unshadow)\s[^;&|>]{0,200}?(?:\/etc\/(?:shadow|passwd)\b|_history\b|config\b|\.env\b)/i;
const wiping =
  /\brm\s+-[rf]{1,2}\s+\/(?:\*|\s|$)|\bdd\s+if=\/dev\/(?:zero|u?random)\s+of=\/dev\/(?!null\b|zero\b|shm\b|std|tty)|\bmkfs\./i;
/** A program that starts itself twice, again and again. */
const fork_bomb = /:\s?\(\)\s{0,4}\{\s{0,4}:\s?\|/;

export function judgeResults(attack: GatheredAttack): { results: Result[]; evidence: Evidence[] } {
  const evidence: Evidence[] = [];
  const add = (says: Result, rule: string, weight: number, because: string, events: string[] = []): void => {
    evidence.push({ about: 'result', says, rule, weight, because, events });
  };
  const find = (pattern: RegExp) => attack.commands.find(({ text }) => pattern.test(text));
  if (attack.log_ins > 0)
    add('increased access', 'result.log_in', 0.9, `${countOf(attack.log_ins, 'log-in')} succeeded`);
  const mined = find(stealing);
  if (mined !== undefined)
    add('theft of resources', 'result.mining', 0.9, 'mining software was named', [mined.event_id]);
  if (many(attack, 'bypass') > 0)
    add('theft of resources', 'result.relay', 0.8, 'the honeypot was used, or was to be used, as a relay');
  const read = find(disclosing);
  if (read !== undefined || many(attack, 'steal', 'copy') > 0)
    add(
      'disclosure of information',
      'result.read',
      0.6,
      'files with secrets were asked for',
      read ? [read.event_id] : [],
    );
  const wiped = find(wiping);
  if (wiped !== undefined)
    add('corruption of information', 'result.wipe', 0.9, 'data were to be destroyed', [wiped.event_id]);
  else if (many(attack, 'modify', 'delete') > 0)
    add(
      'corruption of information',
      'result.modify',
      0.7,
      `${countOf(many(attack, 'modify', 'delete'), 'change')} of data`,
    );
  if (many(attack, 'flood') > 0) add('denial of service', 'result.flood', 0.7, 'a service was flooded');
  const bomb = find(fork_bomb);
  if (bomb !== undefined)
    add('denial of service', 'result.fork_bomb', 0.8, 'the machine was to be choked with processes', [
      bomb.event_id,
    ]);
  return { results: [...new Set(evidence.map(({ says }) => says as Result))], evidence };
}

/** Services without a log-in by their making: to use them is enough. */
const open_services = new Set([
  'adb',
  'memcached',
  'modbus',
  's7comm',
  'bacnet',
  'enip',
  'ipmi',
  'tftp',
  'ntp',
  'ssdp',
  'upnp',
  'chargen',
  'dns',
  'iec104',
  'kamstrup',
  'guardian_ast',
  'ads',
  'dnp3',
  'goose',
  'hartip',
  'iccp',
  'knxnetip',
  'pjl',
  'printer',
  'jetdirect',
  'ipp',
  'dicom',
  'hl7',
  'medical',
  'sip',
  'snmp',
]);
/** Services whose usual hole is that nobody set a password, or everybody the same. */
const configured_services = new Set([
  'redis',
  'mongodb',
  'mqtt',
  'elasticsearch',
  'docker',
  'vnc',
  'socks5',
  'ftp',
]);

/** Howard's kind of the vulnerability. */
export function judgeWeakness(attack: GatheredAttack): { weakness: Weakness; evidence: Evidence } {
  const told = (weakness: Weakness, rule: string, weight: number, because: string) => ({
    weakness,
    evidence: { about: 'weakness', says: weakness, rule, weight, because, events: [] },
  });
  if (attack.cve !== '') return told('implementation', 'weakness.cve', 0.9, `a sensor named ${attack.cve}`);
  const exploit = attack.signatures.find((signature) =>
    /exploit|overflow|injection|shellcode|rce/i.test(signature),
  );
  if (exploit !== undefined)
    return told('implementation', 'weakness.exploit', 0.7, `a sensor named ${JSON.stringify(exploit)}`);
  if (many(attack, 'authenticate') > 0)
    return told(
      'configuration',
      'weakness.credentials',
      0.9,
      `${countOf(attack.usernames, 'user name')} and ${countOf(attack.passwords, 'password')} were tried (CWE-1391, weak credentials)`,
    );
  if (open_services.has(attack.service))
    return told('design', 'weakness.open_service', 0.6, `${attack.service} knows no log-in by its making`);
  if (configured_services.has(attack.service) || many(attack, 'input', 'download') > 0)
    return told(
      'configuration',
      'weakness.open_access',
      0.5,
      `${attack.service || 'the service'} was open to use`,
    );
  return told('unknown', 'weakness.none', 0, 'nothing tells what was looked for');
}
