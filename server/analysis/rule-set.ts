/** All rules by which families are found: those that come with Apiary and are on, and those of one's own. */
import { createHash } from 'node:crypto';
import type { OwnRule } from '@apiary/model/api/rules.ts';
import type { Tool } from '@apiary/model/taxonomy.ts';
import type { StateDatabase } from '../state/database.ts';
import { listMuted, listOwnRules } from '../state/own-rules.ts';
import { type FamilySeeker, families_version, known_seekers } from './families.ts';
import { linking_version } from './link-rules.ts';

/** Version of the rules over an attack, of linking, and of the families that come with Apiary. */
const rules_version = `3.${linking_version}.${families_version}`;

export interface RuleSet {
  /** A change of it makes every attack be judged again. */
  version: string;
  seekers: readonly FamilySeeker[];
}

export const known_rules: RuleSet = { version: rules_version, seekers: known_seekers };

/**
 * Whether the pieces between the stars of `pattern` stand in the text, one behind the other; without regard to case.
 * It goes over the text once, whatever the pattern: regular expressions of one's own could hold the analysis up.
 */
export function finder(pattern: string, is_whole: boolean): (text: string) => boolean {
  const wanted = pattern.toLowerCase();
  if (is_whole) return (text) => text.toLowerCase() === wanted;
  const pieces = wanted.split('*').filter((piece) => piece !== '');
  return (text) => {
    const low = text.toLowerCase();
    let at = 0;
    for (const piece of pieces) {
      const found = low.indexOf(piece, at);
      if (found === -1) return false;
      at = found + piece.length;
    }
    return true;
  };
}

const seek = ({ name, title, kind, tool, weight, conditions }: OwnRule): FamilySeeker => ({
  family: { name, title, kind, tool: tool as Tool | null, weight },
  rules: conditions.map(({ field, contains }) => ({
    field,
    finds: finder(contains, field === 'file' || field === 'fingerprint'),
  })),
});

/** @param own those that are on */
export function makeRules(own: readonly OwnRule[], muted: readonly string[]): RuleSet {
  if (own.length === 0 && muted.length === 0) return known_rules;
  const ours = JSON.stringify([own.toSorted((a, b) => (a.name < b.name ? -1 : 1)), muted.toSorted()]);
  const hash = createHash('sha256').update(ours).digest('hex').slice(0, 8);
  return {
    version: `${rules_version}+${hash}`,
    seekers: [...known_seekers.filter(({ family }) => !muted.includes(family.name)), ...own.map(seek)],
  };
}

/** What of a stored rule its version rests on: not who switched it, nor when. */
const ruleOf = ({ name, title, kind, tool, weight, conditions, source }: OwnRule): OwnRule => ({
  ...{ name, title, kind, tool, weight, conditions, source },
});

export function readRules(state: StateDatabase): RuleSet {
  const on = listOwnRules(state).filter(({ is_on }) => is_on);
  return makeRules(on.map(ruleOf), listMuted(state));
}

/** The rules as they would be: with a rule in place and on, or with one of them switched. */
export function rulesAfter(
  state: StateDatabase,
  change: { rule?: OwnRule | undefined; switch?: { name: string; is_on: boolean } | undefined },
): RuleSet {
  const { rule, switch: switched } = change;
  const own = listOwnRules(state);
  const is_own = own.some(({ name }) => name === switched?.name);
  const on = own
    .filter(({ name, is_on }) => (name === switched?.name ? switched.is_on : is_on))
    .filter(({ name }) => name !== rule?.name)
    .map(ruleOf);
  const muted = new Set(listMuted(state));
  if (switched !== undefined && !is_own) {
    if (switched.is_on) muted.delete(switched.name);
    else muted.add(switched.name);
  }
  return makeRules(rule === undefined ? on : [...on, rule], [...muted]);
}
