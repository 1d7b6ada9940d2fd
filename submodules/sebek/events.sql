-- Record tables -> event. What a process reads from its standard input is what the attacker types; what it connects to
-- or accepts is a connection. Writes, opened files and other reads stay records.

-- from sebek_packets
WITH
  kind = 'read' AS is_input,
  socket_call = 'accept' AS is_inbound,
  toIPv6OrDefault(concat('::ffff:', toString(record.remote_ip))) AS remote,
  toIPv6OrDefault(concat('::ffff:', toString(record.local_ip))) AS near
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(is_input, 'input', 'probe') AS action,
  if(is_input, 'process', 'computer') AS target_kind,
  multiIf(is_input, record.`command`, is_inbound, toString(record.local_ip), toString(record.remote_ip)) AS target,
  if(is_input, 'success', 'unknown') AS outcome,
  multiIf(is_input, toIPv6('::'), is_inbound, remote, near) AS source_ip,
  multiIf(is_input, toUInt16(0), is_inbound, remote_port, local_port) AS source_port,
  multiIf(is_input, toIPv6OrDefault(from_ip), is_inbound, near, remote) AS destination_ip,
  multiIf(is_input, toUInt16(0), is_inbound, local_port, remote_port) AS destination_port,
  multiIf(is_input, 'internal', is_inbound, 'inbound', 'outbound') AS direction,
  'host' AS vantage,
  multiIf(is_input, '', ip_protocol = 6, 'tcp', ip_protocol = 17, 'udp', '') AS transport,
  concat(from_ip, '/', toString(pid)) AS session,
  if(is_input, toValidUTF8(record.`data`), '') AS command,
  map('program', toValidUTF8(record.`command`), 'uid', toString(uid)) AS extra
FROM {{record sebek_packets}} AS record
WHERE parse = 'ok' AND (kind = 'read' AND fd = 0 AND `data` != '' OR socket_call IN ('connect', 'accept'))
