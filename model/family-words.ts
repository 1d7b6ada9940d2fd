/** Where the rules of families look, and what kinds of families there are. */

/** Parts of an attack; of `file` and `fingerprint` the whole value counts. */
export const family_fields = [
  'command',
  'url',
  'file',
  'request',
  'signature',
  'user_agent',
  'fingerprint',
  'username',
] as const;
export type FamilyField = (typeof family_fields)[number];

export const family_kinds = [
  'botnet',
  'worm',
  'miner',
  'scanner',
  'guesser',
  'toolkit',
  'ransomware',
  'exploit',
  'proxy',
  'backdoor',
] as const;
export type FamilyKind = (typeof family_kinds)[number];
