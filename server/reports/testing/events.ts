/** Invented events over four months, so that periods fall into months, days, hours and edges. */

/** What the tests count of an event. */
export interface TestEvent {
  event_id: number;
  sensor_id: number;
  detect_ms: number;
  action: string;
  service: string;
  vantage: string;
  attacker_ip: string;
  attacker_country: string;
  destination_ip: string;
  username: string;
  password: string;
  command: string;
  session: string;
  outcome: string;
  attacker_asn: number;
  destination_port: number;
  url: string;
  file_sha256: string;
  fingerprint: string;
  user_agent: string;
  signature: string;
}

export const first_ms = Date.UTC(2026, 0, 20, 13, 7, 5);
export const span_ms = 100 * 86_400_000;
export const now_ms = first_ms + span_ms + 60_000;
export const events_count = 4000;

/** A small generator of numbers, the same at each run (mulberry32). */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function makeEvents(): TestEvent[] {
  const random = makeRandom(7);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() ** 2 * values.length)]!;
  const countries = ['CN', 'US', 'DE', ''];
  const late = (is_late: boolean, value: string): string => (is_late ? `late ${value}` : value);
  return Array.from({ length: events_count }, (_, index) => {
    const kind = pick(['authenticate', 'scan', 'input']);
    const action = index % 40 === 0 ? 'download' : kind;
    // Some events share their millisecond, so that pages are cut between equal times.
    const detect_ms = first_ms + Math.floor((random() * span_ms) / 1000) * 1000;
    const is_late = detect_ms > first_ms + 0.9 * span_ms && index % 10 === 0;
    const source = Math.floor(random() ** 3 * 60);
    return {
      event_id: index + 1,
      sensor_id: pick([1, 2, 3]),
      detect_ms,
      action,
      service: pick(['ssh', 'telnet', '']),
      vantage: random() < 0.9 ? 'honeypot' : 'network',
      attacker_ip: source === 0 ? '::' : source % 7 === 0 ? `2001:db8::${source}` : `198.51.100.${source}`,
      attacker_country: is_late ? 'SK' : countries[source % countries.length]!,
      destination_ip: `192.0.2.${pick([1, 2])}`,
      username:
        action === 'authenticate'
          ? pick(['root', 'admin', "o'brien", 'пользователь'].map((name) => late(is_late, name)))
          : '',
      password: action === 'authenticate' ? late(is_late, `pw${Math.floor(random() ** 3 * 40)}`) : '',
      command:
        action === 'input'
          ? pick(
              [
                'uname -a',
                'echo "\u0007"',
                'WGET http://x.example/',
                index === 8 || index > 20 ? 'id' : 'only once',
              ].map((text) => late(is_late, text)),
            )
          : '',
      session: `s${Math.floor(index / 5)}`,
      // Reckoned from the number, so that the values above stay what they were.
      outcome: index % 5 === 0 ? 'success' : 'failure',
      attacker_asn: source === 0 ? 0 : 64_496 + (source % 9) + (is_late ? 100 : 0),
      destination_port: index % 11 === 0 ? 0 : 22 + (index % 3) + (is_late ? 8000 : 0),
      url: index % 40 === 0 ? `http://host${index % 3}.example/${index % 7}` : '',
      file_sha256:
        index % 40 === 0
          ? String((index % 7) + (is_late ? 100 : 0))
              .repeat(64)
              .slice(0, 64)
          : '',
      fingerprint: index % 6 === 0 ? late(is_late, `f${source % 5}`) : '',
      user_agent: index % 6 === 0 ? `agent ${source % 4}` : '',
      signature: index % 50 === 0 ? `ET EXPLOIT cve-2021-${4000 + (index % 4)}` : '',
    };
  });
}

export const events = makeEvents();
const mapped = (address: string): string => (address.includes(':') ? address : `::ffff:${address}`);

/** A row of the event table, TabSeparated. */
export function writeRow(event: TestEvent): string {
  const time = new Date(event.detect_ms).toISOString().replace('T', ' ').replace('Z', '000');
  const values = [
    event.event_id,
    event.sensor_id,
    'test',
    'test_lines',
    1,
    event.event_id,
    0,
    1,
    time,
    time,
    event.action,
    mapped(event.attacker_ip),
    event.attacker_country,
    mapped(event.destination_ip),
    event.vantage,
    event.service,
    event.session,
    event.username,
    event.password,
    event.command,
    event.outcome,
    event.attacker_asn,
    event.destination_port,
    event.url,
    event.file_sha256,
    event.fingerprint,
    event.user_agent,
    event.signature,
  ];
  return `${values.map((value) => String(value).replaceAll('\\', '\\\\')).join('\t')}\n`;
}

export const columns = [
  'event_id',
  'sensor_id',
  'sensor_type',
  'sensor_table',
  'generation',
  'place',
  'version',
  'segment_id',
  'detect_ts',
  'collect_ts',
  'action',
  'attacker_ip',
  'attacker_country',
  'destination_ip',
  'vantage',
  'service',
  'session',
  'username',
  'password',
  'command',
  'outcome',
  'attacker_asn',
  'destination_port',
  'url',
  'file_sha256',
  'fingerprint',
  'user_agent',
  'signature',
];
