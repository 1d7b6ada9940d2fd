-- Record table -> event. A connection that was opened is a contact; its end and ports that are listened on are records.

-- from host_network_connections
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'probe' AS action,
  'computer' AS target_kind,
  if(direction = 'outbound', remote_ip, local_ip) AS target,
  'unknown' AS outcome,
  toIPv6OrDefault(if(direction = 'outbound', local_ip, remote_ip)) AS source_ip,
  if(direction = 'outbound', local_port, remote_port) AS source_port,
  toIPv6OrDefault(if(direction = 'outbound', remote_ip, local_ip)) AS destination_ip,
  if(direction = 'outbound', remote_port, local_port) AS destination_port,
  direction,
  'host' AS vantage,
  transport,
  map('container', toString(container), 'uid', toString(uid)) AS extra
FROM {{record host_network_connections}}
WHERE kind = 'opened' AND direction IN ('inbound', 'outbound')
