/** What an export says of an incident: indicators and times, with sensors under other names and their addresses gone. */
import { createHmac } from 'node:crypto';
import type { Incident } from '@apiary/model/api/incidents.ts';

export const tlp_levels = ['clear', 'green', 'amber', 'red'] as const;
export type Tlp = (typeof tlp_levels)[number];

export interface IncidentFacts {
  incident: Incident['incident'];
  attacks: Incident['attacks'];
  narrative: string[];
  tlp: Tlp;
  sources: { address: string; is_v6: boolean; first: string; last: string }[];
  files: string[];
  urls: string[];
  techniques: string[];
  commands: string[];
  /** Sensors by pseudonyms that are the same in every export of this installation. */
  sensors: string[];
  created: string;
}

export interface ExportOptions {
  tlp: Tlp;
  /** Key of the pseudonyms; whoever has it can tell them. */
  secret: Buffer;
  /** Names and addresses of sensors and honeypots, which leave no export, also not inside payloads. */
  private_words: readonly string[];
  now_ms: number;
}

/** Stands for a word that must not leave. */
export function pseudonym(secret: Buffer, word: string): string {
  return `sensor-${createHmac('sha256', secret).update(word).digest('hex').slice(0, 10)}`;
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Replaces private words, longest first, so that a name within another is not left behind. */
export function makeCleaner({ secret, private_words }: ExportOptions): (text: string) => string {
  const words = [...new Set(private_words)]
    .filter((word) => word.length >= 3)
    .sort((a, b) => b.length - a.length);
  if (words.length === 0) return (text) => text;
  const pattern = new RegExp(words.map(escapePattern).join('|'), 'gi');
  return (text) => text.replace(pattern, (word) => pseudonym(secret, word.toLowerCase()));
}

export function gatherFacts(data: Incident, options: ExportOptions): IncidentFacts {
  const clean = makeCleaner(options);
  const distinct = (values: string[]): string[] => [...new Set(values)];
  const { attacks, incident } = data;
  const by_source = Map.groupBy(attacks, ({ attacker_ip }) => attacker_ip);
  return {
    incident: { ...incident, name: clean(incident.name), assignee: '' },
    attacks,
    narrative: data.narrative.map(clean),
    tlp: options.tlp,
    sources: [...by_source].map(([address, list]) => ({
      address,
      is_v6: address.includes(':'),
      first: list.map(({ first_ts }) => first_ts).reduce((a, b) => (a < b ? a : b)),
      last: list.map(({ last_ts }) => last_ts).reduce((a, b) => (a > b ? a : b)),
    })),
    files: distinct(attacks.flatMap(({ files }) => files)).filter((hash) => /^[0-9a-f]{64}$/.test(hash)),
    urls: distinct(attacks.flatMap(({ urls }) => urls)).map(clean),
    techniques: distinct(attacks.flatMap(({ techniques }) => techniques)),
    commands: distinct(attacks.flatMap(({ commands }) => commands)).map(clean),
    sensors: incident.sensors.map((id) => pseudonym(options.secret, `sensor ${id}`)),
    created: new Date(options.now_ms).toISOString(),
  };
}
