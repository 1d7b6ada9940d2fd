/** The most frequent values of a period: services, actions, countries, sources, usernames, passwords, commands. */
import type { Counted, TopList } from '@apiary/model/api/overview.ts';
import { countBy, type Reader } from './count-by.ts';
import { showAddress } from './networks.ts';
import { type Scope, withCondition } from './scope.ts';

interface TopDefinition {
  column: string;
  limit: number;
  /** The value that means "not known": it is left out. */
  unknown?: string;
}

const definitions: Record<TopList, TopDefinition> = {
  services: { column: 'service', limit: 15 },
  actions: { column: 'action', limit: 15 },
  // All countries: the map shows them.
  countries: { column: 'attacker_country', limit: 300, unknown: "''" },
  sources: { column: 'attacker_ip', limit: 10, unknown: "toIPv6('::')" },
  usernames: { column: 'username', limit: 10, unknown: "''" },
  passwords: { column: 'password', limit: 10, unknown: "''" },
  commands: { column: 'command', limit: 10, unknown: "''" },
};

export async function overviewTop(store: Reader, scope: Scope, list: TopList): Promise<Counted[]> {
  const { column, limit, unknown } = definitions[list];
  const known = unknown === undefined ? scope : withCondition(scope, column, `${column} != ${unknown}`);
  const rows = await countBy<string>(store, known, { expression: column, columns: [column], limit });
  return rows.map(({ value, events }) => ({
    value: list === 'sources' ? showAddress(value) : value,
    events: Number(events),
  }));
}
