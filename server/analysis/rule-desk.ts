/** Rules of families as people see and change them; each change says whether attacks must be judged again. */
import type { OwnRule, Rules, RuleTrial } from '@apiary/model/api/rules.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { StateDatabase } from '../state/database.ts';
import {
  listMuted,
  listOwnRules,
  putOwnRule,
  removeOwnRule,
  switchFamily,
  switchOwnRule,
} from '../state/own-rules.ts';
import { readAttackScope } from './attack-scope.ts';
import { known_families } from './families.ts';
import { readRules, rulesAfter } from './rule-set.ts';
import { type Asked, tryRules } from './rule-trial.ts';

/** Who changes rules, and when. */
interface Change {
  state: StateDatabase;
  actor: string;
  now_ms: number;
}

/** A rule that would be put in place and on, or one that would be switched. */
export interface TriedChange {
  rule?: OwnRule | undefined;
  switch?: { name: string; is_on: boolean } | undefined;
}

const isKnown = (name: string): boolean => known_families.some((family) => family.name === name);
const isOn = (state: StateDatabase, name: string): boolean =>
  listOwnRules(state).some((rule) => rule.name === name && rule.is_on);

function requireOwnName(name: string): void {
  if (isKnown(name))
    throw new OperationalError(
      'conflict',
      `name: "${name}" is a rule that comes with Apiary; switch that off, and give yours another name`,
    );
}

export function listRules(state: StateDatabase): Rules {
  const muted = new Set(listMuted(state));
  return {
    version: readRules(state).version,
    own: listOwnRules(state),
    built_in: known_families.map(({ name, title, kind, source }) => ({
      ...{ name, title, kind, source },
      is_on: !muted.has(name),
    })),
  };
}

/**
 * What a change would do to the attacks of a period that is over. Changes nothing.
 * @throws OperationalError `conflict`, `not_found`, or `query_too_large` where the period holds too much
 */
export async function tryChange(
  { state, now_ms }: Omit<Change, 'actor'>,
  store: Asked,
  pause_seconds: number,
  change: TriedChange,
  period: { from_ms: number; to_ms: number },
): Promise<Omit<RuleTrial, 'period'>> {
  const { rule, switch: switched } = change;
  if (rule !== undefined) requireOwnName(rule.name);
  if (
    switched !== undefined &&
    !isKnown(switched.name) &&
    !listOwnRules(state).some(({ name }) => name === switched.name)
  )
    throw new OperationalError('not_found', `there is no rule "${switched.name}"`);
  return tryRules(
    store,
    readAttackScope(state, pause_seconds, now_ms),
    { from_us: period.from_ms * 1000, to_us: period.to_ms * 1000 },
    [readRules(state), rulesAfter(state, change)],
  );
}

/** @returns whether attacks must be judged again: a rule that was on is off now, because it is another */
export function putRule({ state, actor, now_ms }: Change, rule: OwnRule): boolean {
  requireOwnName(rule.name);
  const was_on = isOn(state, rule.name);
  putOwnRule(state, actor, rule, now_ms);
  return was_on;
}

/** @throws OperationalError `not_found` */
export function switchRule({ state, actor, now_ms }: Change, name: string, is_on: boolean): boolean {
  const before = readRules(state).version;
  if (isKnown(name)) switchFamily(state, actor, name, is_on, now_ms);
  else switchOwnRule(state, actor, name, is_on, now_ms);
  return readRules(state).version !== before;
}

/** @throws OperationalError `not_found` */
export function removeRule({ state, actor }: Change, name: string): boolean {
  const was_on = isOn(state, name);
  removeOwnRule(state, actor, name);
  return was_on;
}
