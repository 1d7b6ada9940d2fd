/** MITRE ATT&CK techniques that an attack shows: a second naming, for those who must report in it. */
import { findTechnique, type TechniqueId } from '@apiary/model/attack-techniques.ts';
import type { Evidence } from '@apiary/model/taxonomy.ts';
import type { GatheredAttack } from './attack-row.ts';
import { program } from './shell.ts';

interface TechniqueRule {
  id: TechniqueId;
  command?: RegExp;
  holds?: (attack: GatheredAttack) => boolean;
  because: string;
}

const tried = (attack: GatheredAttack): number => attack.actions.authenticate ?? 0;

/** Something is to be fetched from a place that is named. */
export const fetching = new RegExp(
  `${program('wget|curl|tftp|ftpget|fetch')}\\s[^;&|]{0,300}?(?:\\b(?:https?|ftp|tftp)://|\\b\\d{1,3}(?:\\.\\d{1,3}){3}\\b)`,
);
/** What is read, and not written to. Distances have a limit: a pattern must not take the square of a command's length. */
const reading = `${program('cat|less|more|head|tail|grep|strings|awk|cut|base64|xxd|cp|scp|vi|vim|nano|unshadow')}[^;&|>]{0,200}?`;
/** What is written to, replaced or put there. */
const writing = `(?:>\\s{0,4}|${program('tee|cp|mv|ln|install|sed|wget|curl|echo')}[^;&|]{0,300}?\\s)["']?`;

export const technique_rules: readonly TechniqueRule[] = [
  {
    id: 'T1595',
    holds: (attack) => Object.keys(attack.actions).every((action) => action === 'probe' || action === 'scan'),
    because: 'it probed and did nothing else',
  },
  {
    id: 'T1110.001',
    holds: (attack) => tried(attack) >= 3 && attack.usernames <= 2,
    because: 'many passwords for few accounts',
  },
  {
    id: 'T1110.004',
    holds: (attack) => tried(attack) >= 3 && attack.usernames > 2,
    because: 'pairs out of a list',
  },
  {
    id: 'T1078',
    holds: ({ log_ins }) => log_ins > 0,
    because: 'a log-in succeeded',
  },
  {
    id: 'T1190',
    holds: ({ cve }) => cve !== '',
    because: 'a sensor named a CVE',
  },
  {
    id: 'T1059.004',
    holds: (attack) => (attack.actions.input ?? 0) > 0 && ['ssh', 'telnet', 'adb'].includes(attack.service),
    because: 'commands to a shell',
  },
  {
    id: 'T1105',
    holds: (attack) => (attack.actions.download ?? 0) > 0,
    because: 'a file came in',
  },
  {
    id: 'T1105',
    command: new RegExp(`${program('wget|curl|tftp|ftpget|fetch')}\\s+(?!(?:-V|-h|--version|--help)\\b)\\S`),
    because: 'a file was to be fetched',
  },
  {
    id: 'T1082',
    command: /\buname\b|\/proc\/(?:cpuinfo|meminfo|version)|\blscpu\b|\bnproc\b|\/etc\/(?:os-release|issue)/,
    because: 'it asked what machine this is',
  },
  {
    id: 'T1083',
    command: new RegExp(`${program('ls')}|\\bfind\\s+/`),
    because: 'it looked for files',
  },
  {
    id: 'T1033',
    command: new RegExp(program('whoami|w|who|id|last')),
    because: 'it asked who is there',
  },
  {
    id: 'T1057',
    command: new RegExp(program('ps|top|htop')),
    because: 'it listed processes',
  },
  {
    id: 'T1016',
    command: new RegExp(
      `\\bifconfig\\b|\\bip\\s+(?:a|addr|r|route)\\b|${reading}/etc/(?:hosts|resolv\\.conf)(?![\\w.-])`,
    ),
    because: 'it asked for the network',
  },
  {
    id: 'T1098.004',
    command: /authorized_keys/,
    because: 'a key was to be planted',
  },
  {
    id: 'T1098',
    command: new RegExp(program('chpasswd|passwd')),
    because: 'a password was to be changed',
  },
  {
    id: 'T1136.001',
    command: /\b(?:useradd|adduser)\b/,
    because: 'an account was to be made',
  },
  {
    id: 'T1053.003',
    command: new RegExp(
      `${program('crontab')}\\s+(?!(?:-u\\s+\\S{1,64}\\s+)?-[lr]\\b)\\S|${writing}\\S{0,40}/etc/cron`,
    ),
    because: 'a job was to run again and again',
  },
  {
    id: 'T1543.002',
    command: new RegExp(
      `\\bsystemctl\\s+(?:-\\S{1,20}\\s+)?enable\\b|${writing}\\S{0,40}/(?:etc|lib)/systemd/`,
    ),
    because: 'a service was to be installed',
  },
  {
    id: 'T1037.004',
    command: new RegExp(
      `${writing}\\S{0,40}/etc/(?:rc\\.local|rc\\.d/|rc\\d\\.d/|init\\.d/)|${program('update-rc\\.d')}|${program('chkconfig')}[^;&|]{0,80}\\s(?:--add|on)\\b`,
    ),
    because: 'something was to start with the machine',
  },
  {
    id: 'T1222.002',
    command: /\bchmod\s/,
    because: 'rights of files were changed',
  },
  {
    id: 'T1222.002',
    command: /\bchattr\s/,
    because: 'attributes of files were changed',
  },
  {
    id: 'T1070.003',
    command: new RegExp(
      `\\bhistory\\s+-\\w{0,3}c|\\bunset\\b[^;&|]{0,200}\\bHIST|\\bHIST(?:FILE|SIZE|FILESIZE)=|\\bset\\s+\\+o\\s+history|(?:>\\s{0,4}|${program('rm|shred|truncate|unlink|ln')}[^;&|]{0,200}?)\\S{0,200}_history\\b`,
    ),
    because: 'the history was to be cleared',
  },
  {
    id: 'T1070.004',
    command: /\brm\s+-[rf]/,
    because: 'files were deleted',
  },
  {
    id: 'T1562.004',
    command: /\biptables\s+-F|\bufw\s+disable|systemctl\s+(?:stop|disable)\s+firewalld|iptables\s+stop/,
    because: 'the firewall was to be switched off',
  },
  {
    id: 'T1140',
    command: /base64\s+(?:-d|--decode)|\bxxd\s+-r|\bopenssl\s+enc\s+-d/,
    because: 'hidden content was decoded',
  },
  {
    id: 'T1003.008',
    command: new RegExp(`${reading}/etc/shadow(?![\\w-])`),
    because: 'it read the hashes of passwords',
  },
  {
    id: 'T1087.001',
    command: new RegExp(`${reading}/etc/passwd(?![\\w-])`),
    because: 'it read the accounts',
  },
  {
    id: 'T1552.003',
    command: new RegExp(`${reading}_history\\b`),
    because: 'it read what others had typed',
  },
  {
    id: 'T1552.004',
    command: /\bid_(?:rsa|ed25519|dsa)\b/,
    because: 'it looked for private keys',
  },
  {
    id: 'T1496',
    command: /\bxmrig\b|stratum\+|\bminerd\b|\bcpuminer\b|\bc3pool\b/i,
    because: 'mining software',
  },
  {
    id: 'T1489',
    command: /\b(?:pkill|killall)\s|\bkill\s+-9\b/,
    because: 'processes were killed',
  },
  {
    id: 'T1485',
    command: /\brm\s+-rf\s+\/(?:\*|\s|$)|\bdd\s+if=\/dev\/\w+\s+of=\/dev\/(?!null\b|zero\b|shm\b|std|tty)/,
    because: 'data were to be destroyed',
  },
  {
    id: 'T1498',
    holds: (attack) => (attack.actions.flood ?? 0) > 0,
    because: 'a flood',
  },
  {
    id: 'T1090',
    holds: (attack) => (attack.actions.bypass ?? 0) > 0,
    because: 'connections were to be passed on',
  },
  {
    id: 'T1021.004',
    command: /\bssh(?:pass)?\s+\S*@/,
    because: 'it went on to another host',
  },
];

export function judgeTechniques(attack: GatheredAttack): { techniques: string[]; evidence: Evidence[] } {
  const evidence = technique_rules.flatMap(({ id, command, holds, because }): Evidence[] => {
    const hit = command === undefined ? undefined : attack.commands.find(({ text }) => command.test(text));
    if (hit === undefined && !(holds?.(attack) ?? false)) return [];
    return [
      {
        about: 'technique',
        says: id,
        rule: `technique.${id}`,
        weight: 0.7,
        because: `${findTechnique(id)!.name}: ${because}`,
        events: hit === undefined ? [] : [hit.event_id],
      },
    ];
  });
  return { techniques: [...new Set(evidence.map(({ says }) => says))].sort(), evidence };
}
