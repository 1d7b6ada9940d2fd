/** What expired events counted, written into `expired_count` before they go; server/reports/count-by.ts adds it up. */
import type { Store } from '../store/store.ts';
import { storedName } from '../store/template.ts';
import { deleteRows } from './record-tables.ts';

const day = 'toDate(detect_ts)';

/** @param where the events that will go */
export async function writeExpiredCounts(store: Store, step: string, where: string): Promise<void> {
  const stored = storedName('expired_count', store.rendering);
  // An interrupted step may have written some.
  await deleteRows(store, 'expired_count', `step = '${step}'`);
  const by = async (shape: string, columns: readonly string[], and: string): Promise<void> =>
    store.command(
      `INSERT INTO ${stored} (step, shape, sensor_id, day, ${columns.join(', ')}, events)
       SELECT '${step}', '${shape}', sensor_id, ${day} AS day, ${columns.join(', ')}, count() FROM event
       WHERE ${where}${and} GROUP BY sensor_id, day, ${columns.join(', ')}`,
    );
  await by('source', ['vantage', 'service', 'action', 'attacker_country', 'attacker_ip'], '');
  for (const column of ['username', 'password', 'command']) await by(column, ['vantage', column], '');
}
