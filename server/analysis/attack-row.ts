/** An attack as the engine gathers it from its events, before any rule has looked at it. */

export interface TimedText {
  ts_us: number;
  event_id: string;
  text: string;
}

export interface TypedCommand extends TimedText {
  session: string;
}

export interface GatheredAttack {
  attack_id: string;
  /** Microseconds since 1970. */
  visit_us: number;
  visit_end_us: number;
  first_us: number;
  last_us: number;
  sensor_id: number;
  source: string;
  net: number;
  attacker_ip: string;
  attacker_country: string;
  attacker_asn: number;
  service: string;
  cve: string;
  sensors: number[];
  sessions: number;
  events: number;
  /** Of its events, those that were not analysed before. */
  fresh: number;
  actions: Record<string, number>;
  log_ins: number;
  /** Connections out of a high-interaction honeypot; the others' own connections back to the attacker are no step of his. */
  outbound: number;
  usernames: number;
  passwords: number;
  some_usernames: string[];
  signatures: string[];
  user_agents: string[];
  fingerprints: string[];
  target_kinds: string[];
  /** The first pairs that were tried, as hashes, in order. */
  credentials: TimedText[];
  commands: TypedCommand[];
  files: TimedText[];
  downloads: TimedText[];
  /** Places that the honeypot was asked to connect to. */
  relays: TimedText[];
  /** Paths and addresses that were asked for, not fetched. */
  requests: string[];
}

/** The engine's `2026-01-02 03:04:05.000006` as microseconds since 1970; exact until 2255. */
export function readMicroseconds(text: string): number {
  const ms = Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`);
  return ms * 1000 + Number(text.slice(20).padEnd(6, '0').slice(0, 6));
}

/** The engine's form of microseconds since 1970. */
export function showMicroseconds(us: number): string {
  const ms = Math.floor(us / 1000);
  const rest = String(us - ms * 1000).padStart(3, '0');
  return `${new Date(ms).toISOString().slice(0, 23).replace('T', ' ')}${rest}`;
}

type Raw = Record<string, unknown>;
type RawTimed = [ts: string, event_id: string, text: string];
type RawCommand = [ts: string, event_id: string, session: string, text: string];

const timed = ([ts, event_id, text]: RawTimed): TimedText => ({
  ts_us: readMicroseconds(ts),
  event_id,
  text,
});

/** @param raw a row of attacksSql */
export function readGathered(raw: Raw): GatheredAttack {
  const list = <T>(name: string): T[] => raw[name] as T[];
  const text = (name: string): string => raw[name] as string;
  const number = (name: string): number => Number(raw[name]);
  return {
    attack_id: text('attack_id'),
    visit_us: readMicroseconds(text('visit_ts')),
    visit_end_us: readMicroseconds(text('visit_end_ts')),
    first_us: readMicroseconds(text('first_ts')),
    last_us: readMicroseconds(text('last_ts')),
    sensor_id: number('sensor_id'),
    source: text('source'),
    net: number('net'),
    attacker_ip: text('attacker_ip'),
    attacker_country: text('attacker_country'),
    attacker_asn: number('attacker_asn'),
    service: text('service'),
    cve: text('cve'),
    sensors: list<number>('sensors'),
    sessions: number('sessions'),
    events: number('events'),
    fresh: number('fresh'),
    actions: Object.fromEntries(
      Object.entries(raw.actions as Record<string, unknown>).map(([action, count]) => [
        action,
        Number(count),
      ]),
    ),
    log_ins: number('log_ins'),
    outbound: number('outbound'),
    usernames: number('usernames'),
    passwords: number('passwords'),
    some_usernames: list('some_usernames'),
    signatures: list('signatures'),
    user_agents: list('user_agents'),
    fingerprints: list('fingerprints'),
    target_kinds: list('target_kinds'),
    credentials: list<RawTimed>('credentials').map(timed),
    commands: list<RawCommand>('commands').map(([ts, event_id, session, command]) => ({
      ts_us: readMicroseconds(ts),
      event_id,
      session,
      text: command,
    })),
    files: list<RawTimed>('files').map(timed),
    downloads: list<RawTimed>('downloads').map(timed),
    relays: list<RawTimed>('relays').map(timed),
    requests: list('requests'),
  };
}
