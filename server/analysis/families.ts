/** Known families and tools: finds in an attack what the rules of `families.json` describe. */
import { readFileSync } from 'node:fs';
import { type FamilyField, type FamilyKind, family_fields } from '@apiary/model/family-words.ts';
import type { Tool } from '@apiary/model/taxonomy.ts';
import type { GatheredAttack } from './attack-row.ts';
import { remember } from './remembered.ts';

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

type SeekingRule = FamilySeeker['rules'][number];
type Hits = Partial<Record<FamilyField, (text: string) => readonly SeekingRule[]>>;
const hits_of = new WeakMap<readonly FamilySeeker[], Hits>();

/** Looks with all rules of a field at once, and only once at a text that comes again. */
function hitsOf(
  seekers: readonly FamilySeeker[],
  field: FamilyField,
): (text: string) => readonly SeekingRule[] {
  const hits = hits_of.get(seekers) ?? {};
  hits_of.set(seekers, hits);
  if (hits[field] === undefined) {
    const rules = seekers.flatMap((seeker) => seeker.rules.filter((rule) => rule.field === field));
    const find = (text: string): SeekingRule[] => rules.filter(({ finds }) => finds(text));
    hits[field] = remember(find, { entries_max: 10_000, length_max: 1000 });
  }
  return hits[field];
}

export function matchFamilies(
  attack: GatheredAttack,
  seekers: readonly FamilySeeker[] = known_seekers,
): FamilyMatch[] {
  /** What each rule finds first. */
  const found = new Map<SeekingRule, { text: string; event_id: string | null }>();
  for (const field of family_fields) {
    const hits = hitsOf(seekers, field);
    for (const value of valuesOf(attack, field))
      for (const rule of hits(value.text)) if (!found.has(rule)) found.set(rule, value);
  }
  if (found.size === 0) return [];
  return seekers.flatMap(({ family, rules }): FamilyMatch[] => {
    const rule = rules.find((one) => found.has(one));
    if (rule === undefined) return [];
    const { text, event_id } = found.get(rule)!;
    const because = `${rule.field} ${JSON.stringify(text.slice(0, shown_max))}`;
    return [{ family, because, events: event_id === null ? [] : [event_id] }];
  });
}
