-- Record table -> event: a client that is taken in is a probe.

-- from endlessh_log
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'probe' AS action,
  'computer' AS target_kind,
  '' AS target,
  'success' AS outcome,
  attacker_ip AS source_ip,
  port AS source_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'ssh' AS service,
  'tcp' AS transport
FROM {{record endlessh_log}}
WHERE what = 'ACCEPT' AND attacker_ip != toIPv6('::')
