/**
 * Classes of the Reference Security Incident Taxonomy (ENISA and TF-CSIRT, version 1003) of what an attack did: a second
 * naming, for those who must report in it. Its words are those of its machine tags.
 */
import { type Stage, stageRank } from './taxonomy.ts';

export const rsit_classes = [
  { name: 'information-gathering', type: 'scanner', title: 'Information Gathering: Scanning' },
  { name: 'intrusion-attempts', type: 'brute-force', title: 'Intrusion Attempts: Login Attempts' },
  {
    name: 'intrusion-attempts',
    type: 'ids-alert',
    title: 'Intrusion Attempts: Exploitation of Known Vulnerabilities',
  },
  { name: 'intrusion-attempts', type: 'exploit', title: 'Intrusion Attempts: New Attack Signature' },
  { name: 'intrusions', type: 'system-compromise', title: 'Intrusions: System Compromise' },
  { name: 'malicious-code', type: 'malware-distribution', title: 'Malicious Code: Malware Distribution' },
  { name: 'availability', type: 'dos', title: 'Availability: Denial of Service' },
  {
    name: 'information-content-security',
    type: 'unauthorised-information-access',
    title: 'Information Content Security: Unauthorised Access to Information',
  },
  {
    name: 'information-content-security',
    type: 'unauthorised-information-modification',
    title: 'Information Content Security: Unauthorised Modification of Information',
  },
  { name: 'fraud', type: 'unauthorised-use-of-resources', title: 'Fraud: Unauthorised Use of Resources' },
  { name: 'abusive-content', type: 'spam', title: 'Abusive Content: Spam' },
] as const;
export type RsitClass = (typeof rsit_classes)[number];

interface Classified {
  stage: Stage;
  tool: string;
  service: string;
  cve: string;
  actions: Readonly<Record<string, number>>;
  results: readonly string[];
  files: readonly string[];
  urls: readonly string[];
}

/** @returns the classes that hold of an attack, in the order of the list */
export function classify(attack: Classified): RsitClass[] {
  const { stage, tool, service, cve, actions, results, files, urls } = attack;
  const far = stageRank(stage);
  const tried_log_in = (actions.authenticate ?? 0) > 0;
  const holds: Record<RsitClass['type'], boolean> = {
    scanner: stage === 'probed',
    'brute-force': tried_log_in,
    'ids-alert': cve !== '',
    // It tried to get in by something that nobody named.
    exploit: stage === 'tried to get in' && !tried_log_in && cve === '',
    'system-compromise': far >= stageRank('got in'),
    'malware-distribution': files.length > 0 || urls.length > 0,
    dos: results.includes('denial of service'),
    'unauthorised-information-access': results.includes('disclosure of information'),
    'unauthorised-information-modification': results.includes('corruption of information'),
    'unauthorised-use-of-resources': results.includes('theft of resources'),
    spam: tool === 'information exchange' && service === 'smtp',
  };
  return rsit_classes.filter(({ type }) => holds[type]);
}
