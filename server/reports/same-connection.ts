/**
 * What other sensors saw of the same connection: an intrusion detection system beside a honeypot, or the log of a
 * firewall. They agree on the client's address and port and on the time; the honeypot's own address and port may
 * differ, where a packet filter or a container changes them on the way.
 */
import type { Reader } from './count-by.ts';
import { type EventRow, event_column_list, showTime, timeMicroseconds } from './event-row.ts';
import { firstRows } from './within-answer.ts';

const rows_max = 200;
/** Clocks and the times at which sensors write differ by so much. */
const slack_us = 60_000_000n;
/** What names no session may lie anywhere in a connection: so long may it have lasted before. */
const before_us = 24n * 3_600_000_000n;

export interface Connection {
  sensor_id: number;
  attacker_ip: string;
  /** Client's ports that its sensor saw; none where it names none. */
  ports: readonly number[];
  from_us: bigint;
  to_us: bigint;
}

const timeOf = ({ detect_ts }: EventRow): bigint => timeMicroseconds(showTime(detect_ts));

/** @param rows of one session, or one event without any; in order of time, at least one */
export function connectionOf(rows: readonly EventRow[]): Connection {
  const first = rows[0]!;
  const from_us = timeOf(first) - (first.session === '' ? before_us : slack_us);
  return {
    sensor_id: first.sensor_id,
    attacker_ip: first.attacker_ip,
    ports: [...new Set(rows.map(({ source_port }) => source_port).filter((port) => port !== 0))],
    from_us: from_us > 0n ? from_us : 0n,
    to_us: timeOf(rows.at(-1)!) + slack_us,
  };
}

/** In order of time. */
export async function sameConnection(store: Reader, connection: Connection): Promise<EventRow[]> {
  const { sensor_id, attacker_ip, ports, from_us, to_us } = connection;
  if (ports.length === 0 || attacker_ip === '::') return [];
  const at = (us: bigint): string => `fromUnixTimestamp64Micro(${us}, 'UTC')`;
  const { rows } = await firstRows(rows_max, (limit) =>
    store.query<EventRow>(
      `SELECT ${event_column_list} FROM event
       WHERE attacker_ip = toIPv6({attacker_ip:String}) AND source_port IN (${ports.join(', ')}) AND sensor_id != ${sensor_id}
         AND detect_ts >= ${at(from_us)} AND detect_ts <= ${at(to_us)}
       ORDER BY detect_ts, event_id LIMIT ${limit}`,
      { attacker_ip },
    ),
  );
  return rows;
}
