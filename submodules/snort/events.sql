-- Record tables -> event: every record is an alert.

-- define ends
  'computer' AS target_kind,
  replaceRegexpOne(toString(destination_ip), '^::ffff:', '') AS target,
  attacker_ip AS source_ip,
  if(answered, record.dst_port, record.src_port) AS source_port,
  toIPv6OrDefault(if(answered, record.src_addr, record.dst_addr)) AS destination_ip,
  if(answered, record.src_port, record.dst_port) AS destination_port,
  'unknown' AS direction,
  'network' AS vantage,
  transform(upper(proto), ['IPV6-ICMP', 'ICMP6', 'ICMPV6', 'ICMP4'], ['icmp', 'icmp', 'icmp', 'icmp'], lower(proto)) AS transport,
  msg AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map(
      'signature_id', concat(toString(gid), ':', toString(sid), ':', toString(rev)),
      'category', toString(class),
      'severity', toString(priority),
      'cve', upper(extract(msg, '(?i)CVE-[0-9]{4}-[0-9]+'))
    )
  ) AS extra

-- define action
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  -- By the classifications of Snort's classification.config.
  transform(
    class,
    ['Attempted User Privilege Gain', 'Unsuccessful User Privilege Gain', 'Successful User Privilege Gain',
      'Attempted Administrator Privilege Gain', 'Successful Administrator Privilege Gain',
      'Web Application Attack', 'Executable code was detected',
      'Attempted Denial of Service', 'Denial of Service', 'Detection of a Denial of Service Attack',
      'An attempted login using a suspicious username was detected',
      'Attempt to login by a default username and password',
      'Detection of a Network Scan'],
    ['bypass', 'bypass', 'bypass', 'bypass', 'bypass', 'bypass', 'bypass', 'flood', 'flood', 'flood',
      'authenticate', 'authenticate', 'scan'],
    'probe'
  ) AS action

-- from snort_alert
WITH false AS answered
SELECT
  {{use action}},
  -- Inline, Snort says before the message what became of the packet; WDrop is what it would have dropped.
  multiIf(
    startsWith(class, 'Successful'), 'success',
    match(toValidUTF8(raw), '^[^*]*\\[(?i)(drop|block|reject|reset)\\] *\\[[*][*]\\]'), 'failure',
    'unknown'
  ) AS outcome,
  {{use ends}}
FROM {{record snort_alert}} AS record
WHERE sid != 0

-- from snort_full
WITH false AS answered
SELECT
  {{use action}},
  if(startsWith(class, 'Successful'), 'success', 'unknown') AS outcome,
  {{use ends}}
FROM {{record snort_full}} AS record
WHERE sid != 0

-- from snort_json
WITH dir = 'S2C' AS answered
SELECT
  {{use action}},
  multiIf(
    startsWith(class, 'Successful'), 'success',
    record.action IN ('block', 'drop', 'reset', 'reject'), 'failure',
    'unknown'
  ) AS outcome,
  if(record.service = 'unknown', '', toString(record.service)) AS service,
  {{use ends}}
FROM {{record snort_json}} AS record
WHERE sid != 0

-- from snort_unified2
-- The packet and the extra data of an alert are lines of their own, and records.
WITH false AS answered
SELECT
  {{use action}},
  -- 2 is a packet that Snort would have dropped, had it stood in its way.
  multiIf(startsWith(class, 'Successful'), 'success', blocked = 1, 'failure', 'unknown') AS outcome,
  {{use ends}}
FROM {{record snort_unified2}} AS record
WHERE type = 'event' AND sid != 0
