-- Record tables -> event. HonSSH writes a log for a session only once somebody is let in; the daily log has every log-in. So
-- that each log-in is one event, those that were let in are of the session's log, the others of the daily one.

-- from honssh_session
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    what = 'Incoming Connection', 'probe',
    what = 'Login Successful', 'authenticate',
    what = 'Downloaded', 'download',
    'input'
  ) AS action,
  transform(action, ['probe', 'authenticate', 'download'], ['computer', 'account', 'data'], 'process') AS target_kind,
  multiIf(action = 'probe', '', action = 'authenticate', record.username, action = 'download', link, 'shell') AS target,
  multiIf(what = 'Command Blocked', 'failure', action = 'input', 'unknown', 'success') AS outcome,
  attacker_ip AS source_ip,
  peer_port AS source_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'ssh' AS service,
  'tcp' AS transport,
  record.session AS session,
  if(what = 'Login Successful', record.username, '') AS username,
  if(what = 'Login Successful', record.password, '') AS password,
  record.command AS command,
  if(position(link, '://') > 0, link, '') AS url,
  sha256 AS file_sha256,
  mapFilter((name_of, content) -> content != '', map('channel', if(channel = 'SSH', '', toString(channel)))) AS extra
FROM {{record honssh_session}} AS record
WHERE what IN ('Incoming Connection', 'Login Successful', 'Command Executed', 'Command Blocked', 'Downloaded')

-- from honssh_auth
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(record.username = '' AND record.password = '', 'probe', 'authenticate') AS action,
  if(action = 'probe', 'computer', 'account') AS target_kind,
  record.username AS target,
  if(action = 'probe', 'success', 'failure') AS outcome,
  attacker_ip AS source_ip,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'ssh' AS service,
  'tcp' AS transport,
  record.session AS session,
  record.username AS username,
  record.password AS password
FROM {{record honssh_auth}} AS record
WHERE attacker_ip != toIPv6('::') AND NOT success
