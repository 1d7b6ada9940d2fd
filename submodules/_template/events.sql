-- Record table -> event: {action, target, timestamp}. Columns that are left out keep their defaults.

-- from example_log
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'authenticate' AS action,
  'account' AS target_kind,
  username AS target,
  if(success, 'success', 'failure') AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'tcp' AS transport,
  username,
  password
FROM {{record example_log}}
WHERE username != ''
