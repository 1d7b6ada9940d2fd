-- Record table -> event: every request is a probe.

-- from elasticpot_json
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'probe' AS action,
  'data' AS target_kind,
  record.url AS target,
  'success' AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  toIPv6OrDefault(dst_ip) AS destination_ip,
  dst_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'elasticsearch' AS service,
  'tcp' AS transport,
  if(dst_ip = '', '', concat('http://', if(position(dst_ip, ':') > 0, concat('[', dst_ip, ']'), dst_ip), ':', toString(dst_port), record.url)) AS url,
  user_agent,
  mapFilter((name_of, content) -> content != '', map('method', toString(request), 'payload', payload)) AS extra
FROM {{record elasticpot_json}} AS record
WHERE eventid IN ('elasticpot.recon', 'elasticpot.attack')
