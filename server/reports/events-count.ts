/** How many events a filter finds. */
import { countBy, type Reader } from './count-by.ts';
import type { Scope } from './scope.ts';

export async function eventsCount(store: Reader, scope: Scope): Promise<number> {
  const rows = await countBy<number>(store, scope, { expression: '1', columns: [] });
  return rows.reduce((sum, row) => sum + Number(row.events), 0);
}
