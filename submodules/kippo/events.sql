-- Record tables -> event. README.md says of every table what it yields and why.

-- define told
-- A line of a text log, as the rows of the database are told.
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  transform(what, ['connection', 'log-in', 'download'], ['probe', 'authenticate', 'download'], 'input') AS action,
  transform(action, ['probe', 'authenticate', 'download'], ['computer', 'account', 'data'], 'process') AS target_kind,
  multiIf(
    action = 'probe', {{1}},
    action = 'authenticate', username,
    action = 'download', url,
    realm = '', 'shell',
    toString(realm)
  ) AS target,
  multiIf(
    action IN ('probe', 'download') OR action = 'authenticate' AND success = 1, 'success',
    action = 'authenticate' OR what = 'refused', 'failure',
    'unknown'
  ) AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'ssh' AS service,
  'tcp' AS transport,
  username,
  password,
  input AS command,
  url,
  mapFilter((name_of, content) -> content != '', map('realm', toString(realm), 'path', outfile)) AS extra

-- from kippo_sessions
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'probe' AS action,
  'computer' AS target_kind,
  sensor_name AS target,
  'success' AS outcome,
  attacker_ip AS source_ip,
  toIPv6OrDefault(sensor_name) AS destination_ip,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'ssh' AS service,
  'tcp' AS transport,
  id AS session
FROM {{record kippo_sessions}}
-- Later versions tell of the same session's end, terminal and client.
WHERE version = 0 AND id != ''

-- from kippo_auth
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'authenticate' AS action,
  'account' AS target_kind,
  username AS target,
  if(success = 1, 'success', 'failure') AS outcome,
  attacker_ip AS source_ip,
  toIPv6OrDefault(sensor_name) AS destination_ip,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'ssh' AS service,
  'tcp' AS transport,
  session,
  username,
  password
FROM {{record kippo_auth}}
WHERE version = 0 AND session != ''

-- from kippo_input
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'input' AS action,
  'process' AS target_kind,
  if(realm = '', 'shell', toString(realm)) AS target,
  'unknown' AS outcome,
  attacker_ip AS source_ip,
  toIPv6OrDefault(sensor_name) AS destination_ip,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'ssh' AS service,
  'tcp' AS transport,
  session,
  input AS command,
  mapFilter((name_of, content) -> content != '', map('realm', toString(realm))) AS extra
FROM {{record kippo_input}}
WHERE version = 0 AND session != ''

-- from kippo_downloads
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'download' AS action,
  'data' AS target_kind,
  url AS target,
  'success' AS outcome,
  attacker_ip AS source_ip,
  toIPv6OrDefault(sensor_name) AS destination_ip,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'ssh' AS service,
  'tcp' AS transport,
  session,
  url,
  mapFilter((name_of, content) -> content != '', map('path', outfile)) AS extra
FROM {{record kippo_downloads}}
WHERE version = 0 AND session != ''

-- from kippo_statements
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(verb IN ('delete', 'drop', 'truncate'), 'delete', 'modify') AS action,
  'data' AS target_kind,
  arrayStringConcat(arrayFilter(part -> part != '', [database, `table`]), '.') AS target,
  if(`error` = 0, 'success', 'unknown') AS outcome,
  'unknown' AS direction,
  'host' AS vantage,
  'mysql' AS service,
  sql AS command,
  mapFilter((name_of, content) -> content != '', map('verb', toString(verb))) AS extra
FROM {{record kippo_statements}}
WHERE version = 0 AND verb != ''

-- from kippo_log
-- Kippo counts its connections from 0 at each start: a session is known by the file, the number and the address.
SELECT
  {{use told dst_ip}},
  toIPv6OrDefault(dst_ip) AS destination_ip,
  dst_port AS destination_port,
  if(record.session = '', '', concat(lower(hex(generation)), '-', record.session, '-', src_ip)) AS session
FROM {{record kippo_log}} AS record
WHERE what != ''

-- from kippo_textlog
SELECT
  {{use told ''}},
  session
FROM {{record kippo_textlog}}
WHERE what != ''
