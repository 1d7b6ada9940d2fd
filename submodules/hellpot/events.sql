-- Record table -> event: a client that is taken in is a probe.

-- from hellpot_log
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(startsWith(URL, 'http'), 'bypass', 'probe') AS action,
  if(action = 'bypass', 'computer', 'data') AS target_kind,
  URL AS target,
  'success' AS outcome,
  attacker_ip AS source_ip,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'http' AS service,
  'tcp' AS transport,
  if(action = 'bypass', URL, '') AS url,
  USERAGENT AS user_agent
FROM {{record hellpot_log}}
WHERE message IN ('NEW', 'SERVE_ROBOTS')
