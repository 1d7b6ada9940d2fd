/**
 * Techniques of MITRE ATT&CK that the rules of the analysis find: Enterprise, version 17. A name is the
 * technique's own, without that of what it is a part of. Each stands under one tactic, that for which honeypots see it.
 */

/** Those tactics that have any, in the order of the matrix. */
export const tactics = [
  'reconnaissance',
  'initial-access',
  'execution',
  'persistence',
  'defense-evasion',
  'credential-access',
  'discovery',
  'lateral-movement',
  'command-and-control',
  'impact',
] as const;
export type Tactic = (typeof tactics)[number];

export const techniques = [
  { id: 'T1595', name: 'Active Scanning', tactic: 'reconnaissance' },
  { id: 'T1078', name: 'Valid Accounts', tactic: 'initial-access' },
  { id: 'T1190', name: 'Exploit Public-Facing Application', tactic: 'initial-access' },
  { id: 'T1059.004', name: 'Unix Shell', tactic: 'execution' },
  { id: 'T1037.004', name: 'RC Scripts', tactic: 'persistence' },
  { id: 'T1053.003', name: 'Cron', tactic: 'persistence' },
  { id: 'T1098', name: 'Account Manipulation', tactic: 'persistence' },
  { id: 'T1098.004', name: 'SSH Authorized Keys', tactic: 'persistence' },
  { id: 'T1136.001', name: 'Local Account', tactic: 'persistence' },
  { id: 'T1543.002', name: 'Systemd Service', tactic: 'persistence' },
  { id: 'T1070.003', name: 'Clear Command History', tactic: 'defense-evasion' },
  { id: 'T1070.004', name: 'File Deletion', tactic: 'defense-evasion' },
  { id: 'T1140', name: 'Deobfuscate/Decode Files or Information', tactic: 'defense-evasion' },
  {
    id: 'T1222.002',
    name: 'Linux and Mac File and Directory Permissions Modification',
    tactic: 'defense-evasion',
  },
  { id: 'T1562.004', name: 'Disable or Modify System Firewall', tactic: 'defense-evasion' },
  { id: 'T1003.008', name: '/etc/passwd and /etc/shadow', tactic: 'credential-access' },
  { id: 'T1110.001', name: 'Password Guessing', tactic: 'credential-access' },
  { id: 'T1110.004', name: 'Credential Stuffing', tactic: 'credential-access' },
  { id: 'T1552.003', name: 'Bash History', tactic: 'credential-access' },
  { id: 'T1552.004', name: 'Private Keys', tactic: 'credential-access' },
  { id: 'T1016', name: 'System Network Configuration Discovery', tactic: 'discovery' },
  { id: 'T1033', name: 'System Owner/User Discovery', tactic: 'discovery' },
  { id: 'T1057', name: 'Process Discovery', tactic: 'discovery' },
  { id: 'T1082', name: 'System Information Discovery', tactic: 'discovery' },
  { id: 'T1083', name: 'File and Directory Discovery', tactic: 'discovery' },
  { id: 'T1087.001', name: 'Local Account', tactic: 'discovery' },
  { id: 'T1021.004', name: 'SSH', tactic: 'lateral-movement' },
  { id: 'T1090', name: 'Proxy', tactic: 'command-and-control' },
  { id: 'T1105', name: 'Ingress Tool Transfer', tactic: 'command-and-control' },
  { id: 'T1485', name: 'Data Destruction', tactic: 'impact' },
  { id: 'T1489', name: 'Service Stop', tactic: 'impact' },
  { id: 'T1496', name: 'Resource Hijacking', tactic: 'impact' },
  { id: 'T1498', name: 'Network Denial of Service', tactic: 'impact' },
] as const satisfies readonly { id: string; name: string; tactic: Tactic }[];
export type TechniqueId = (typeof techniques)[number]['id'];

const by_id = new Map<string, (typeof techniques)[number]>(techniques.map((one) => [one.id, one]));

/** @returns undefined for a number that no rule finds, as those of earlier versions may be */
export const findTechnique = (id: string): (typeof techniques)[number] | undefined => by_id.get(id);
