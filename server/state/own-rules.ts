/** Rules of one's own, and which of those that come with Apiary are switched off. */
import type { OwnRule, StoredRule } from '@apiary/model/api/rules.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { StateDatabase } from './database.ts';

const rules_max = 200;

interface RuleRow {
  definition: string;
  is_on: number;
  changed_by: string;
  changed_ms: number;
}

/** By name. */
export const listOwnRules = (state: StateDatabase): StoredRule[] =>
  state
    .all<RuleRow>('SELECT definition, is_on, changed_by, changed_ms FROM own_rule ORDER BY name')
    .map(({ definition, is_on, ...changed }) => ({
      ...(JSON.parse(definition) as OwnRule),
      is_on: is_on === 1,
      ...changed,
    }));

export const listMuted = (state: StateDatabase): string[] =>
  state.all<{ name: string }>('SELECT name FROM muted_family ORDER BY name').map(({ name }) => name);

/** Puts a rule in place, switched off: what is new or changed is tried before it counts. */
export function putOwnRule(state: StateDatabase, actor: string, rule: OwnRule, now_ms: number): void {
  const known = listOwnRules(state);
  if (known.length >= rules_max && !known.some(({ name }) => name === rule.name))
    throw new OperationalError('conflict', `there are ${rules_max} rules already: remove one first`);
  state.change(actor, 'put rule', rule.name, { ...rule }, () => {
    state.run(
      'INSERT OR REPLACE INTO own_rule (name, definition, is_on, changed_by, changed_ms) VALUES (?, ?, 0, ?, ?)',
      ...[rule.name, JSON.stringify(rule), actor, now_ms],
    );
  });
}

/** @throws OperationalError not_found */
export function switchOwnRule(
  state: StateDatabase,
  actor: string,
  name: string,
  is_on: boolean,
  now_ms: number,
): void {
  state.change(actor, is_on ? 'switch rule on' : 'switch rule off', name, {}, () => {
    const { changes } = state.run(
      'UPDATE own_rule SET is_on = ?, changed_by = ?, changed_ms = ? WHERE name = ?',
      ...[is_on ? 1 : 0, actor, now_ms, name],
    );
    if (changes === 0) throw new OperationalError('not_found', `there is no rule "${name}" of one's own`);
  });
}

/** @throws OperationalError not_found */
export function removeOwnRule(state: StateDatabase, actor: string, name: string): void {
  state.change(actor, 'remove rule', name, {}, () => {
    if (state.run('DELETE FROM own_rule WHERE name = ?', name).changes === 0)
      throw new OperationalError('not_found', `there is no rule "${name}" of one's own`);
  });
}

/** Switches a rule that comes with Apiary. @param name of one that there is */
export function switchFamily(
  state: StateDatabase,
  actor: string,
  name: string,
  is_on: boolean,
  now_ms: number,
): void {
  state.change(actor, is_on ? 'switch rule on' : 'switch rule off', name, {}, () => {
    if (is_on) state.run('DELETE FROM muted_family WHERE name = ?', name);
    else state.run('INSERT OR REPLACE INTO muted_family VALUES (?, ?, ?)', name, actor, now_ms);
  });
}
