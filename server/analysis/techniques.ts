/** MITRE ATT&CK techniques that an attack shows: a second naming, for those who must report in it. */
import type { Evidence } from '@apiary/model/taxonomy.ts';
import type { GatheredAttack } from './attack-row.ts';

interface TechniqueRule {
  id: string;
  name: string;
  tactic: string;
  command?: RegExp;
  holds?: (attack: GatheredAttack) => boolean;
  because: string;
}

const tried = (attack: GatheredAttack): number => attack.actions.authenticate ?? 0;

/** ATT&CK for Enterprise, version 17. */
export const technique_rules: readonly TechniqueRule[] = [
  {
    id: 'T1595',
    name: 'Active Scanning',
    tactic: 'reconnaissance',
    holds: (attack) => Object.keys(attack.actions).every((action) => action === 'probe' || action === 'scan'),
    because: 'it probed and did nothing else',
  },
  {
    id: 'T1110.001',
    name: 'Brute Force: Password Guessing',
    tactic: 'credential-access',
    holds: (attack) => tried(attack) >= 3 && attack.usernames <= 2,
    because: 'many passwords for few accounts',
  },
  {
    id: 'T1110.004',
    name: 'Brute Force: Credential Stuffing',
    tactic: 'credential-access',
    holds: (attack) => tried(attack) >= 3 && attack.usernames > 2,
    because: 'pairs out of a list',
  },
  {
    id: 'T1078',
    name: 'Valid Accounts',
    tactic: 'initial-access',
    holds: ({ log_ins }) => log_ins > 0,
    because: 'a log-in succeeded',
  },
  {
    id: 'T1190',
    name: 'Exploit Public-Facing Application',
    tactic: 'initial-access',
    holds: ({ cve }) => cve !== '',
    because: 'a sensor named a CVE',
  },
  {
    id: 'T1059.004',
    name: 'Unix Shell',
    tactic: 'execution',
    holds: (attack) => (attack.actions.input ?? 0) > 0 && ['ssh', 'telnet', 'adb'].includes(attack.service),
    because: 'commands to a shell',
  },
  {
    id: 'T1105',
    name: 'Ingress Tool Transfer',
    tactic: 'command-and-control',
    holds: (attack) => (attack.actions.download ?? 0) > 0,
    because: 'a file came in',
  },
  {
    id: 'T1105',
    name: 'Ingress Tool Transfer',
    tactic: 'command-and-control',
    command: /\b(?:wget|curl|tftp|ftpget|fetch)\s+\S/,
    because: 'a file was to be fetched',
  },
  {
    id: 'T1082',
    name: 'System Information Discovery',
    tactic: 'discovery',
    command: /\buname\b|\/proc\/(?:cpuinfo|meminfo|version)|\blscpu\b|\bnproc\b|\/etc\/(?:os-release|issue)/,
    because: 'it asked what machine this is',
  },
  {
    id: 'T1083',
    name: 'File and Directory Discovery',
    tactic: 'discovery',
    command: /(?:^|[;&|]\s*)ls\b|\bfind\s+\//,
    because: 'it looked for files',
  },
  {
    id: 'T1033',
    name: 'System Owner/User Discovery',
    tactic: 'discovery',
    command: /\bwhoami\b|(?:^|[;&|]\s*)(?:w|who|id|last)\b/,
    because: 'it asked who is there',
  },
  {
    id: 'T1057',
    name: 'Process Discovery',
    tactic: 'discovery',
    command: /(?:^|[;&|]\s*)(?:ps|top|htop)\b/,
    because: 'it listed processes',
  },
  {
    id: 'T1016',
    name: 'System Network Configuration Discovery',
    tactic: 'discovery',
    command: /\bifconfig\b|\bip\s+(?:a|addr|r|route)\b|\/etc\/(?:hosts|resolv\.conf)/,
    because: 'it asked for the network',
  },
  {
    id: 'T1098.004',
    name: 'SSH Authorized Keys',
    tactic: 'persistence',
    command: /authorized_keys/,
    because: 'a key was to be planted',
  },
  {
    id: 'T1098',
    name: 'Account Manipulation',
    tactic: 'persistence',
    command: /\b(?:chpasswd|passwd)\b/,
    because: 'a password was to be changed',
  },
  {
    id: 'T1136.001',
    name: 'Create Account: Local Account',
    tactic: 'persistence',
    command: /\b(?:useradd|adduser)\b/,
    because: 'an account was to be made',
  },
  {
    id: 'T1053.003',
    name: 'Cron',
    tactic: 'persistence',
    command: /\bcrontab\b(?!\s+-[lr]\b)|\/etc\/cron/,
    because: 'a job was to run again and again',
  },
  {
    id: 'T1543.002',
    name: 'Systemd Service',
    tactic: 'persistence',
    command: /\/etc\/systemd|systemctl\s+enable|\/etc\/init\.d\/\w+\s+start|\brc\.local\b/,
    because: 'a service was to be installed',
  },
  {
    id: 'T1222.002',
    name: 'Linux File Permissions Modification',
    tactic: 'defense-evasion',
    command: /\bchmod\s/,
    because: 'rights of files were changed',
  },
  {
    id: 'T1222.002',
    name: 'Linux File Permissions Modification',
    tactic: 'defense-evasion',
    command: /\bchattr\s/,
    because: 'attributes of files were changed',
  },
  {
    id: 'T1070.003',
    name: 'Clear Command History',
    tactic: 'defense-evasion',
    command: /\bhistory\s+-c|HISTFILE|\.bash_history/,
    because: 'the history was to be cleared',
  },
  {
    id: 'T1070.004',
    name: 'File Deletion',
    tactic: 'defense-evasion',
    command: /\brm\s+-[rf]/,
    because: 'files were deleted',
  },
  {
    id: 'T1562.004',
    name: 'Disable or Modify System Firewall',
    tactic: 'defense-evasion',
    command: /\biptables\s+-F|\bufw\s+disable|systemctl\s+(?:stop|disable)\s+firewalld|iptables\s+stop/,
    because: 'the firewall was to be switched off',
  },
  {
    id: 'T1140',
    name: 'Deobfuscate/Decode Files or Information',
    tactic: 'defense-evasion',
    command: /base64\s+(?:-d|--decode)|\bxxd\s+-r|\bopenssl\s+enc\s+-d/,
    because: 'hidden content was decoded',
  },
  {
    id: 'T1003.008',
    name: '/etc/passwd and /etc/shadow',
    tactic: 'credential-access',
    command: /\/etc\/shadow|\bcat\s+\/etc\/passwd/,
    because: 'it read the accounts',
  },
  {
    id: 'T1552.004',
    name: 'Private Keys',
    tactic: 'credential-access',
    command: /\bid_(?:rsa|ed25519|dsa)\b/,
    because: 'it looked for private keys',
  },
  {
    id: 'T1496',
    name: 'Resource Hijacking',
    tactic: 'impact',
    command: /\bxmrig\b|stratum\+|\bminerd\b|\bcpuminer\b|\bc3pool\b/i,
    because: 'mining software',
  },
  {
    id: 'T1489',
    name: 'Service Stop',
    tactic: 'impact',
    command: /\b(?:pkill|killall)\s|\bkill\s+-9\b/,
    because: 'processes were killed',
  },
  {
    id: 'T1485',
    name: 'Data Destruction',
    tactic: 'impact',
    command: /\brm\s+-rf\s+\/(?:\*|\s|$)|\bdd\s+if=\/dev\/\w+\s+of=\/dev\//,
    because: 'data were to be destroyed',
  },
  {
    id: 'T1498',
    name: 'Network Denial of Service',
    tactic: 'impact',
    holds: (attack) => (attack.actions.flood ?? 0) > 0,
    because: 'a flood',
  },
  {
    id: 'T1090',
    name: 'Proxy',
    tactic: 'command-and-control',
    holds: (attack) => (attack.actions.bypass ?? 0) > 0,
    because: 'connections were to be passed on',
  },
  {
    id: 'T1021.004',
    name: 'Remote Services: SSH',
    tactic: 'lateral-movement',
    command: /\bssh(?:pass)?\s+\S*@/,
    because: 'it went on to another host',
  },
];

export function judgeTechniques(attack: GatheredAttack): { techniques: string[]; evidence: Evidence[] } {
  const evidence = technique_rules.flatMap(({ id, name, command, holds, because }): Evidence[] => {
    const hit = command === undefined ? undefined : attack.commands.find(({ text }) => command.test(text));
    if (hit === undefined && !(holds?.(attack) ?? false)) return [];
    return [
      {
        about: 'technique',
        says: id,
        rule: `technique.${id}`,
        weight: 0.7,
        because: `${name}: ${because}`,
        events: hit === undefined ? [] : [hit.event_id],
      },
    ];
  });
  return { techniques: [...new Set(evidence.map(({ says }) => says))].sort(), evidence };
}
