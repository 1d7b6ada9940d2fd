/** The most frequent values of a period: services, actions, countries, sources, usernames, passwords, commands. */
import type { Counted, TopList } from '@apiary/model/api/overview.ts';
import { showAddress } from '@apiary/model/networks.ts';
import { countBy, type Reader } from './count-by.ts';
import type { Scope } from './scope.ts';

/** Lists whose values are few. */
export type KindList = 'services' | 'actions';
/** Lists whose values are many: each is a query of its own. */
export type ValueList = Exclude<TopList, KindList>;
/** Those that take longest come first, so that the others end beside them. */
export const value_lists = [
  'sources',
  'passwords',
  'commands',
  'usernames',
  'countries',
] as const satisfies readonly ValueList[];

const kinds_max = 15;

const definitions: Record<ValueList, { column: string; limit: number }> = {
  // All countries: the map shows them.
  countries: { column: 'attacker_country', limit: 300 },
  sources: { column: 'attacker_ip', limit: 10 },
  usernames: { column: 'username', limit: 10 },
  passwords: { column: 'password', limit: 10 },
  commands: { column: 'command', limit: 10 },
};

export async function overviewTop(store: Reader, scope: Scope, list: ValueList): Promise<Counted[]> {
  const { column, limit } = definitions[list];
  // What is not known is one group more, and left out here: a condition on each row takes the engine longer.
  const question = { expression: column, columns: [column], limit: limit + 1 };
  const rows = await countBy<string>(store, scope, question);
  return rows
    .map(({ value, events }) => ({
      value: list === 'sources' ? showAddress(value) : value,
      events: Number(events),
    }))
    .filter(({ value }) => value !== '')
    .slice(0, limit);
}

function sumBy(rows: readonly { value: string; events: number }[]): Counted[] {
  const sums = new Map<string, number>();
  for (const { value, events } of rows) sums.set(value, (sums.get(value) ?? 0) + events);
  return [...sums]
    .map(([value, events]) => ({ value, events }))
    .sort((a, b) => b.events - a.events || (a.value < b.value ? -1 : 1))
    .slice(0, kinds_max);
}

/** Services and actions from one reading: there are few pairs of them. */
export async function overviewKinds(store: Reader, scope: Scope): Promise<Record<KindList, Counted[]>> {
  const rows = await countBy<[string, string]>(store, scope, {
    expression: 'tuple(service, action)',
    columns: ['service', 'action'],
  });
  return {
    services: sumBy(rows.map(({ value: [value], events }) => ({ value, events: Number(events) }))),
    actions: sumBy(rows.map(({ value: [, value], events }) => ({ value, events: Number(events) }))),
  };
}
