/** A session whole: everything that its sensor saw of one connection, in order. */

import type { Inventory } from '@apiary/model/api/inventory.ts';
import type { Session } from '@apiary/model/api/sessions.ts';
import { OperationalError } from '@apiary/model/errors.ts';
import type { Reader } from './count-by.ts';
import { type EventRow, event_column_list, makeContext, showEvent } from './event-row.ts';
import { connectionOf, sameConnection } from './same-connection.ts';
import { firstRows } from './within-answer.ts';

/** People type less; what is cut is said. */
export const session_events_max = 30_000;

/** @throws OperationalError not_found */
export async function readSession(
  store: Reader,
  inventory: Inventory,
  sensor_id: number,
  session: string,
): Promise<Omit<Session, 'statements'>> {
  const { rows, is_cut } = await firstRows(session_events_max, (limit) =>
    store.query<EventRow>(
      `SELECT ${event_column_list} FROM event WHERE session = {session:String} AND sensor_id = {sensor_id:UInt32}
       ORDER BY detect_ts, generation, place, event_id LIMIT ${limit}`,
      { session, sensor_id },
    ),
  );
  if (session === '' || rows.length === 0)
    throw new OperationalError('not_found', `sensor ${sensor_id} has no session ${JSON.stringify(session)}`);
  const context = makeContext(inventory);
  const events = rows.map((row) => showEvent(row, context));
  const elsewhere = await sameConnection(store, connectionOf(rows));
  return {
    sensor_id,
    session,
    from: events[0]!.detect_ts,
    to: events.at(-1)!.detect_ts,
    attackers: [...new Set(events.map(({ attacker_ip }) => attacker_ip).filter((address) => address !== ''))],
    events,
    is_cut,
    same_connection: elsewhere.map((row) => showEvent(row, context)),
  };
}
