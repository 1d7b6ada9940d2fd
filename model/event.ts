/**
 * The event: {action, target, timestamps}, the common layer over all record tables (the paper, section
 * 4.3). The columns are those of the engine's table `event`; names follow ECS where ECS has a word.
 */

/** Actions of Sandia's taxonomy as the paper takes them, with its own two: download and input. */
export const actions = [
  'probe',
  'scan',
  'flood',
  'authenticate',
  'bypass',
  'spoof',
  'read',
  'copy',
  'steal',
  'modify',
  'delete',
  'download',
  'input',
] as const;
export type Action = (typeof actions)[number];

export const target_kinds = ['account', 'process', 'data', 'component', 'computer', 'network'] as const;
export type TargetKind = (typeof target_kinds)[number];

/** Whose view it is: an overview counts the honeypot's, so that one connection seen by four sensors is one. */
export const vantages = ['honeypot', 'network', 'host'] as const;
export const directions = ['inbound', 'outbound', 'internal', 'unknown'] as const;
export const outcomes = ['success', 'failure', 'unknown'] as const;
/** What `detect_ts` rests on. */
export const detect_bases = ['sensor', 'zone_assumed', 'year_assumed', 'receipt'] as const;
/** How far a record's bytes could be understood. */
export const parse_marks = ['ok', 'not_json', 'bad_utf8', 'partial', 'unknown_kind'] as const;

const quoted = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');
const enumOf = (values: readonly string[]): string => `Enum8(${quoted(values)})`;

export interface EventColumn {
  name: string;
  /** ClickHouse type. */
  type: string;
  comment: string;
  /** Filled by the renderer's `{{event_identity}}`, so that a submodule need not. */
  identity?: true;
  codec?: string;
}

export const event_columns: readonly EventColumn[] = [
  {
    name: 'event_id',
    type: 'UInt64',
    comment: 'hash of sensor, table, generation, place, version, ordinal',
    identity: true,
  },
  { name: 'sensor_id', type: 'UInt32', comment: 'the sensor that saw it', identity: true },
  { name: 'sensor_type', type: 'LowCardinality(String)', comment: 'the submodule', identity: true },
  {
    name: 'sensor_table',
    type: 'LowCardinality(String)',
    comment: 'the record table that it was derived from',
    identity: true,
  },
  { name: 'generation', type: 'UInt64', comment: 'life of the source', identity: true },
  { name: 'place', type: 'UInt64', comment: 'place of the record in the source', identity: true },
  { name: 'version', type: 'UInt32', comment: 'version of the record', identity: true },
  { name: 'segment_id', type: 'UInt64', comment: 'journal segment that brought it', identity: true },
  { name: 'detect_ts', type: "DateTime64(6, 'UTC')", comment: 'the sensor saw it', codec: 'Delta, ZSTD' },
  { name: 'detect_basis', type: enumOf(detect_bases), comment: 'what detect_ts rests on' },
  {
    name: 'collect_ts',
    type: "DateTime64(6, 'UTC')",
    comment: 'the gateway received it',
    identity: true,
    codec: 'Delta, ZSTD',
  },
  { name: 'action', type: enumOf(actions), comment: 'what was done' },
  { name: 'target_kind', type: enumOf(target_kinds), comment: 'kind of what it was done to' },
  { name: 'target', type: 'String', comment: 'what it was done to' },
  { name: 'outcome', type: enumOf(outcomes), comment: 'whether it succeeded, as the sensor presented it' },
  { name: 'attacker_ip', type: 'IPv6', comment: 'the attacker; IPv4 mapped; :: where unknown' },
  {
    name: 'attacker_country',
    type: 'LowCardinality(String)',
    comment: 'ISO 3166-1 alpha-2 at collection; empty where unknown',
  },
  { name: 'attacker_asn', type: 'UInt32', comment: 'autonomous system at collection; 0 where unknown' },
  { name: 'source_ip', type: 'IPv6', comment: 'sender of the connection' },
  { name: 'source_port', type: 'UInt16', comment: '0 where unknown' },
  { name: 'destination_ip', type: 'IPv6', comment: 'receiver of the connection' },
  { name: 'destination_port', type: 'UInt16', comment: '0 where unknown' },
  { name: 'direction', type: enumOf(directions), comment: 'as seen from the honeypot' },
  { name: 'vantage', type: enumOf(vantages), comment: 'whose view it is' },
  {
    name: 'service',
    type: 'LowCardinality(String)',
    comment: 'ssh, telnet, http, smb, modbus …; empty where unknown',
  },
  { name: 'transport', type: 'LowCardinality(String)', comment: 'tcp, udp, icmp …' },
  { name: 'session', type: 'String', comment: "the sensor's own id of the attacker's connection" },
  { name: 'username', type: 'String', comment: 'tried user name' },
  { name: 'password', type: 'String', comment: 'tried password' },
  { name: 'command', type: 'String', comment: 'what was typed or sent as a command' },
  { name: 'url', type: 'String', comment: 'URL that was fetched or requested' },
  { name: 'file_sha256', type: 'String', comment: 'hexadecimal; of a file that came along' },
  { name: 'fingerprint', type: 'String', comment: 'of the client: HASSH, JA4 …' },
  {
    name: 'user_agent',
    type: 'String',
    comment: "the client's own name of itself: SSH version, HTTP user agent",
  },
  { name: 'signature', type: 'String', comment: 'rule, exploit or vulnerability that the sensor named' },
  { name: 'extra', type: 'Map(LowCardinality(String), String)', comment: 'the rest that is worth a filter' },
];
