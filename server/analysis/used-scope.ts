/** With which pause and which known gateways the results in the tables were found: with others all is gone through again. */
import type { StateDatabase } from '../state/database.ts';
import type { AttackScope } from './attack-sql.ts';

const setting = 'analysis_scope';

const describe = ({ pause_seconds, gateways }: AttackScope): string =>
  JSON.stringify({ pause_seconds, gateways });

const readScope = (state: StateDatabase): string | undefined =>
  state.get<{ value: string }>('SELECT value FROM setting WHERE name = ?', setting)?.value;

export function noteScope(state: StateDatabase, scope: AttackScope): void {
  const now = describe(scope);
  if (readScope(state) === now) return;
  state.run('INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)', setting, now);
}

/** Also true where nothing says how they were found. */
export const isOtherScope = (state: StateDatabase, scope: AttackScope): boolean =>
  readScope(state) !== describe(scope);
