-- Record table -> event: a request is a probe, the payload of CVE-2019-19781 is a command.

-- from citrixhoneypot_log
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(what = 'payload', 'input', startsWith(path, 'http'), 'bypass', 'probe') AS action,
  multiIf(action = 'input', 'process', action = 'bypass', 'computer', 'data') AS target_kind,
  if(action = 'input', 'newbm.pl', path) AS target,
  'unknown' AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'http' AS service,
  'tcp' AS transport,
  if(action = 'input', substring(message, position(message, ': ') + 2), '') AS command,
  if(action = 'bypass', path, '') AS url,
  if(action = 'input', 'CVE-2019-19781', '') AS signature,
  if(action = 'input', map(), map('method', toString(what))) AS extra
FROM {{record citrixhoneypot_log}}
WHERE what IN ('GET', 'POST', 'payload')
