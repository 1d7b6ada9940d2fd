-- Record table -> event: a connection is a probe, AUTH a log-in, every other command an input.

-- from redishoneypot_log
WITH splitByWhitespace(record.action) AS words
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(record.action = 'NewConnect', 'probe', record.command = 'AUTH', 'authenticate', 'input') AS action,
  multiIf(action = 'probe', 'computer', action = 'authenticate', 'account', 'process') AS target_kind,
  multiIf(action = 'probe', dest_ip, action = 'authenticate', username, 'redis') AS target,
  multiIf(action = 'probe', 'success', record.outcome = 'error', 'failure', record.outcome = 'success', 'success', 'unknown') AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  toIPv6OrDefault(dest_ip) AS destination_ip,
  dest_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'redis' AS service,
  'tcp' AS transport,
  session_id AS session,
  multiIf(action != 'authenticate', '', event != '', auth_username, length(words) > 2, words[2], '') AS username,
  if(action = 'authenticate' AND event = '', words[-1], '') AS password,
  if(action = 'input', record.action, '') AS command,
  mapFilter((name_of, content) -> content != '', map('hint', toString(analysis_hint), 'password_hash', auth_password_sha256)) AS extra
FROM {{record redishoneypot_log}} AS record
WHERE record.action NOT IN ('', 'Closed') AND event != 'protocol_error'
