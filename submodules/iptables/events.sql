-- Record tables -> event: what begins a contact is a probe. Answers and what follows are records.

-- define outcome
  multiIf(
    match({{1}}, '(?i)drop|deny|denied|reject|block|dpt_bad'), 'failure',
    match({{1}}, '(?i)accept|allow|pass'), 'success',
    'unknown'
  ) AS outcome

-- from iptables_kernel
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'probe' AS action,
  'computer' AS target_kind,
  replaceRegexpOne(toString(destination_ip), '^::ffff:', '') AS target,
  {{use outcome PREFIX}},
  toIPv6OrDefault(SRC) AS source_ip,
  SPT AS source_port,
  toIPv6OrDefault(DST) AS destination_ip,
  DPT AS destination_port,
  multiIf(`OUT` = '', 'inbound', `IN` = '', 'outbound', 'unknown') AS direction,
  'network' AS vantage,
  transform(PROTO, ['ICMPv6', '1', '58', '6', '17'], ['icmp', 'icmp', 'icmp', 'tcp', 'udp'], lower(PROTO)) AS transport,
  mapFilter(
    (name_of, content) -> content != '',
    map('prefix', toString(PREFIX), 'flags', toString(FLAGS), 'icmp_type', if(transport = 'icmp', toString(TYPE), ''))
  ) AS extra
FROM {{record iptables_kernel}} AS record
WHERE SRC != ''
  -- A packet with ACK or RST belongs to a contact that began before; without any flag, or with FIN alone, it is a scan.
  AND NOT (PROTO = 'TCP' AND match(FLAGS, 'ACK|RST'))
  -- Echo requests begin a contact; replies, errors and the neighbours' talk do not.
  AND NOT (PROTO = 'ICMP' AND TYPE NOT IN (8, 13, 15, 17))
  AND NOT (PROTO = 'ICMPv6' AND TYPE != 128)

-- from iptables_ulogd
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'probe' AS action,
  'computer' AS target_kind,
  replaceRegexpOne(toString(destination_ip), '^::ffff:', '') AS target,
  {{use outcome concat(prefix,toString(record.action))}},
  toIPv6OrDefault(src_ip) AS source_ip,
  src_port AS source_port,
  toIPv6OrDefault(dest_ip) AS destination_ip,
  dest_port AS destination_port,
  multiIf(`out` = '', 'inbound', `in` = '', 'outbound', 'unknown') AS direction,
  'network' AS vantage,
  transform(protocol, [1, 6, 17, 58], ['icmp', 'tcp', 'udp', 'icmp'], toString(protocol)) AS transport,
  mapFilter((name_of, content) -> content != '', map('prefix', toString(prefix))) AS extra
FROM {{record iptables_ulogd}} AS record
WHERE src_ip != ''
  -- Of another program's line nothing is known that a firewall would say.
  AND (dvc != '' OR prefix != '' OR `in` != '' OR `out` != '' OR protocol != 0)
  AND NOT (protocol = 6 AND (ack != 0 OR rst != 0))
  AND NOT (protocol = 1 AND icmp_type NOT IN (8, 13, 15, 17))
  AND NOT (protocol = 58 AND icmp_type != 128)
