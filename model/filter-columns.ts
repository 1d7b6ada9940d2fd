/** The words of a filter without their schema: what pages need of them. */

/** Periods that end now. */
export const rolling_periods = ['1h', '24h', '7d', '30d', '365d'] as const;
export type RollingPeriod = (typeof rolling_periods)[number];

/** Columns compared as equal; `column=a&column=b` means either. Addresses also take a network (CIDR). */
export const equal_columns = [
  'action',
  'target_kind',
  'target',
  'outcome',
  'attacker_ip',
  'attacker_country',
  'attacker_asn',
  'source_ip',
  'source_port',
  'destination_ip',
  'destination_port',
  'direction',
  'vantage',
  'service',
  'transport',
  'session',
  'username',
  'password',
  'command',
  'url',
  'file_sha256',
  'fingerprint',
  'user_agent',
  'signature',
  'sensor_type',
  'detect_basis',
  'segment_id',
] as const;
export type EqualColumn = (typeof equal_columns)[number];

/** Columns that can also be searched for a part, without regard to case: `command_contains=wget`. */
export const contains_columns = [
  'target',
  'username',
  'password',
  'command',
  'url',
  'user_agent',
  'signature',
] as const;
export type ContainsColumn = (typeof contains_columns)[number];
