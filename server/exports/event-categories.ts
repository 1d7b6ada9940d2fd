/**
 * What an attack is in the words of RSIT, as IDEA (idea.cesnet.cz, classifications) and IDMEFv2 (draft-lehmann-idmefv2-06,
 * section 5.2) write them.
 */
import { countOf } from '@apiary/model/count-of.ts';
import type { SharedAttack } from './incident-facts.ts';

export interface CategoryWords {
  /** Somebody got into a system: what that is in this format. */
  intrusion: string;
  /** A malicious file came along. */
  malware: string;
}

export function categoriesOf(attack: SharedAttack, { intrusion, malware }: CategoryWords): string[] {
  const { stage, tried_log_in, is_denial, files, urls } = attack;
  const categories: string[] = [];
  if (stage === 'probed') categories.push('Recon.Scanning');
  else {
    if (tried_log_in) categories.push('Attempt.Login');
    else categories.push('Attempt.Exploit');
    if (stage !== 'tried to get in') categories.push(intrusion);
    if (files.length > 0 || urls.length > 0) categories.push(malware);
  }
  if (is_denial) categories.push('Availability.DoS');
  return categories;
}

/** One sentence that names nobody. */
export function describeAttack({ stage, service, events, sensors }: SharedAttack): string {
  const where = service === '' ? '' : ` at ${service}`;
  return `Honeypots${where}: ${stage} (${countOf(events, 'event')} on ${countOf(sensors.length, 'sensor')})`;
}
