/** Known families and tools: finds in an attack what the rules of `families.json` describe. */
import { readFileSync } from 'node:fs';
import type { FamilyField, FamilyKind } from '@apiary/model/family-words.ts';
import type { Tool } from '@apiary/model/taxonomy.ts';
import type { GatheredAttack } from './attack-row.ts';

interface FamilyRule {
  field: FamilyField;
  /** A regular expression without regard to case; of `file` and `fingerprint` the value. */
  match: string;
}

export interface Family {
  /** Short name, [a-z0-9_-]. */
  name: string;
  title: string;
  kind: FamilyKind;
  /** The kind of tool that it is; null where it does not tell. */
  tool: Tool | null;
  weight: number;
  /** Any one of them is enough. */
  rules: FamilyRule[];
  /** Who described it: a title or an address. */
  source: string;
  /** Something that the rules find, made up after the source. */
  sample: { field: FamilyField; value: string };
}

/** A family with what looks for it. */
export interface FamilySeeker {
  family: Pick<Family, 'name' | 'title' | 'kind' | 'tool' | 'weight'>;
  rules: readonly { field: FamilyField; finds: (text: string) => boolean }[];
}

export interface FamilyMatch {
  family: FamilySeeker['family'];
  because: string;
  events: string[];
}

const path = new URL('./families.json', import.meta.url);
const { version, families } = JSON.parse(readFileSync(path, 'utf8')) as {
  version: string;
  families: Family[];
};
export const families_version = version;
export const known_families: readonly Family[] = families;

/** Those that come with Apiary. */
export const known_seekers: readonly FamilySeeker[] = families.map((family) => ({
  family,
  rules: family.rules.map(({ field, match }) => {
    const pattern = new RegExp(field === 'file' || field === 'fingerprint' ? `^${match}$` : match, 'i');
    return { field, finds: (text) => pattern.test(text) };
  }),
}));

const shown_max = 80;

function valuesOf(attack: GatheredAttack, field: FamilyField): { text: string; event_id: string | null }[] {
  const plain = (texts: readonly string[]) => texts.map((text) => ({ text, event_id: null }));
  switch (field) {
    case 'command':
      return attack.commands;
    case 'url':
      return attack.downloads;
    case 'file':
      return attack.files;
    case 'request':
      return plain(attack.requests);
    case 'signature':
      return plain(attack.signatures);
    case 'user_agent':
      return plain(attack.user_agents);
    case 'fingerprint':
      return plain(attack.fingerprints);
    case 'username':
      return plain(attack.some_usernames);
  }
}

export function matchFamilies(
  attack: GatheredAttack,
  seekers: readonly FamilySeeker[] = known_seekers,
): FamilyMatch[] {
  const values = new Map<FamilyField, { text: string; event_id: string | null }[]>();
  return seekers.flatMap(({ family, rules }): FamilyMatch[] => {
    for (const { field, finds } of rules) {
      let list = values.get(field);
      if (list === undefined) {
        list = valuesOf(attack, field);
        values.set(field, list);
      }
      const hit = list.find(({ text }) => finds(text));
      if (hit === undefined) continue;
      const because = `${field} ${JSON.stringify(hit.text.slice(0, shown_max))}`;
      return [{ family, because, events: hit.event_id === null ? [] : [hit.event_id] }];
    }
    return [];
  });
}
