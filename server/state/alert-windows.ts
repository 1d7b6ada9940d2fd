/** Up to where each rule of alerts was looked at, in microseconds since 1970. */
import type { StateDatabase } from './database.ts';

/** null where the rule was never looked at. */
export function readRuleUntil(state: StateDatabase, rule_id: number): bigint | null {
  const row = state.get<{ until_us: string | null }>(
    'SELECT looked_until_us AS until_us FROM alert_rule WHERE rule_id = ?',
    rule_id,
  );
  return row?.until_us == null ? null : BigInt(row.until_us);
}

export const writeRuleUntil = (state: StateDatabase, rule_id: number, until_us: bigint): void => {
  state.run('UPDATE alert_rule SET looked_until_us = ? WHERE rule_id = ?', String(until_us), rule_id);
};
