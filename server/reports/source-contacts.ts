/** What one source did within a time, as an abuse desk needs it: when, from which port, to which, and what. */
import type { Reader } from './count-by.ts';
import { showTime } from './event-row.ts';

export interface SourceContact {
  detect_ts: string;
  source_port: number;
  destination_port: number;
  transport: string;
  service: string;
  action: string;
  outcome: string;
  username: string;
  command: string;
  url: string;
}

/**
 * @param from,to ISO 8601; both belong to it
 * @returns the first of them, in order of time
 */
export async function readSourceContacts(
  store: Reader,
  address: string,
  from: string,
  to: string,
  limit: number,
): Promise<SourceContact[]> {
  const rows = await store.query<SourceContact>(
    `SELECT detect_ts, source_port, destination_port, toString(transport) AS transport, service, toString(action) AS action,
       toString(outcome) AS outcome, username, command, url
     FROM event WHERE attacker_ip = toIPv6({address:String})
       AND detect_ts >= parseDateTime64BestEffort({from:String}, 6, 'UTC') AND detect_ts <= parseDateTime64BestEffort({to:String}, 6, 'UTC')
     ORDER BY detect_ts, event_id LIMIT ${limit}`,
    { address, from, to },
  );
  return rows.map((row) => ({ ...row, detect_ts: showTime(row.detect_ts) }));
}
