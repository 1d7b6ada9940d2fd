/** An incident in plain sentences. */

import type { Attack, IncidentRow } from '@apiary/model/api/incidents.ts';
import { countOf } from '@apiary/model/count-of.ts';
import { stageRank } from '@apiary/model/taxonomy.ts';

const listed = (values: readonly string[], most = 4): string =>
  values.length <= most
    ? values.join(', ')
    : `${values.slice(0, most).join(', ')} and ${values.length - most} more`;
const when = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

const deeds: Record<string, string> = {
  probed: 'looked, and did no more',
  'tried to get in': 'tried to get in and did not',
  'got in': 'got in and did nothing there',
  acted: 'got in and acted',
  'brought a tool': 'brought a tool',
  'spread from here': 'meant to use the honeypot against others',
};

export function tellIncident(incident: IncidentRow, attacks: readonly Attack[]): string[] {
  const { services, countries, sensors, families } = incident;
  const sentences = [
    `From ${when(incident.first_ts)} to ${when(incident.last_ts)} UTC ${countOf(incident.sources, 'source')}${countries.length === 0 ? '' : ` in ${listed(countries)}`} made ${countOf(incident.attacks, 'attack')} (${countOf(incident.events, 'event')}) on ${countOf(sensors.length, 'sensor')}${services.length === 0 ? '' : `, against ${listed(services)}`}.`,
  ];
  const by_stage = [...Map.groupBy(attacks, ({ stage }) => stage)].sort(
    ([one], [other]) => stageRank(other) - stageRank(one),
  );
  const deeds_told = by_stage.map(([stage, list]) => `${list.length} ${deeds[stage] ?? stage}`).join('; ');
  sentences.push(
    attacks.length < incident.attacks
      ? `Of the first ${attacks.length} attacks ${deeds_told}.`
      : `Of these ${deeds_told}.`,
  );
  if (families.length > 0) sentences.push(`It carries the marks of ${listed(families)}.`);
  const files = new Set(attacks.flatMap((attack) => attack.files));
  const urls = new Set(attacks.flatMap((attack) => attack.urls));
  if (files.size > 0 || urls.size > 0)
    sentences.push(
      `It brought ${countOf(files.size, 'file')}, from ${countOf(urls.size, 'address', 'addresses')}.`,
    );
  const about =
    incident.attacker === 'unknown'
      ? 'Nothing tells who is behind it'
      : `Its attacker is taken for a ${incident.attacker}`;
  sentences.push(
    incident.objectives.length === 0
      ? `${about}, nor what for.`
      : `${about}; objective: ${listed(incident.objectives)}.`,
  );
  return sentences;
}
