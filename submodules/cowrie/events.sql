-- Record tables -> event. README.md says for every event id what it yields and why.

-- from cowrie_json
WITH
  multiIf(
    protocol IN ('ssh', 'telnet'), protocol,
    position(system, 'SSH') > 0, 'ssh',
    position(system, 'Telnet') > 0, 'telnet',
    startsWith(eventid, 'cowrie.client.') OR startsWith(eventid, 'cowrie.direct-tcpip.'), 'ssh',
    eventid = 'cowrie.session.file_upload' OR record.fingerprint != '', 'ssh',
    startsWith(eventid, 'cowrie.telnet.'), 'telnet',
    eventid = 'cowrie.session.connect' AND dst_port IN (22, 2222), 'ssh',
    eventid = 'cowrie.session.connect' AND dst_port IN (23, 2223), 'telnet',
    ''
  ) AS known_service,
  -- The forwarded connection's end: a name or an address of somebody else, not the honeypot's.
  eventid = 'cowrie.direct-tcpip.request' AS forwarded,
  concat(if(position(dst_ip, ':') > 0, concat('[', dst_ip, ']'), dst_ip), ':', toString(dst_port)) AS forwarded_to
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    eventid IN ('cowrie.session.connect', 'cowrie.client.version', 'cowrie.client.kex'), 'probe',
    eventid IN ('cowrie.login.success', 'cowrie.login.failed', 'cowrie.client.fingerprint'), 'authenticate',
    eventid IN ('cowrie.command.input', 'cowrie.session.input', 'cowrie.command.success'), 'input',
    eventid = 'cowrie.session.file_download' AND url = '', 'modify',
    eventid = 'cowrie.command.chpasswd', 'modify',
    startsWith(eventid, 'cowrie.session.file_'), 'download',
    'bypass'
  ) AS action,
  multiIf(
    action = 'probe', if(eventid = 'cowrie.session.connect', 'computer', 'process'),
    action = 'authenticate' OR eventid = 'cowrie.command.chpasswd', 'account',
    action = 'input', 'process',
    action = 'bypass', if(forwarded, 'computer', 'process'),
    'data'
  ) AS target_kind,
  multiIf(
    eventid = 'cowrie.session.connect', dst_ip,
    action = 'probe', 'ssh',
    target_kind = 'account', username,
    action = 'input', if(realm = '', 'shell', realm),
    action = 'bypass', if(forwarded, forwarded_to, 'telnetd'),
    action = 'modify', if(destfile = '', shasum, destfile),
    url != '', url,
    filename
  ) AS target,
  multiIf(
    eventid IN ('cowrie.login.failed', 'cowrie.client.fingerprint', 'cowrie.session.file_download.failed'), 'failure',
    action = 'input' OR action = 'bypass' AND eventid != 'cowrie.telnet.exploit_success', 'unknown',
    eventid = 'cowrie.command.chpasswd', 'unknown',
    'success'
  ) AS outcome,
  attacker_ip AS source_ip,
  -- Until 2.x a forward's src_port is what the client claims; `protocol` stands on every line only since 3.x.
  if(forwarded AND protocol = '', 0, src_port) AS source_port,
  if(forwarded, toIPv6('::'), toIPv6OrDefault(dst_ip)) AS destination_ip,
  if(forwarded, 0, dst_port) AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  known_service AS service,
  'tcp' AS transport,
  session,
  if(target_kind = 'account' OR eventid = 'cowrie.telnet.exploit_success', username, '') AS username,
  if(action = 'authenticate', password, '') AS password,
  if(action = 'input', input, attempted_command) AS command,
  url,
  shasum AS file_sha256,
  hassh AS fingerprint,
  version_ AS user_agent,
  cve AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map(
      'eventid', toString(eventid),
      'realm', toString(realm),
      'public_key', record.fingerprint,
      'path', if(action = 'modify', '', destfile)
    )
  ) AS extra
FROM {{record cowrie_json}} AS record
WHERE
  eventid IN (
    'cowrie.session.connect', 'cowrie.client.version', 'cowrie.client.kex', 'cowrie.login.success',
    'cowrie.command.input', 'cowrie.session.input', 'cowrie.command.chpasswd', 'cowrie.direct-tcpip.request',
    'cowrie.session.file_download', 'cowrie.session.file_download.failed', 'cowrie.session.file_upload',
    'cowrie.telnet.exploit_attempt', 'cowrie.telnet.exploit_success'
  )
  -- Since 2.6.1 a public key is written twice, as client.fingerprint and as login.*: the older lines have only the
  -- first, and lines of 2.9 and later are known by their uuid.
  OR eventid = 'cowrie.client.fingerprint' AND uuid = ''
  OR eventid = 'cowrie.login.failed' AND (record.fingerprint = '' OR uuid != '')
  -- Without a realm it repeats what command.input said before.
  OR eventid = 'cowrie.command.success' AND realm != ''

-- The databases. Only SSH clients tell their version, so that a session with a client is one of SSH; of one without,
-- nothing says which it is.

-- from cowrie_db_sessions
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
  if(client > 0, 'ssh', '') AS service,
  'tcp' AS transport,
  id AS session
FROM {{record cowrie_db_sessions}}
-- Later versions tell of the same session's end, terminal and client.
WHERE version = 0 AND id != ''

-- from cowrie_db_auth
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
  if(client > 0, 'ssh', '') AS service,
  'tcp' AS transport,
  session,
  username,
  password
FROM {{record cowrie_db_auth}}
WHERE version = 0 AND session != ''

-- from cowrie_db_keyfingerprints
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'authenticate' AS action,
  'account' AS target_kind,
  username AS target,
  'failure' AS outcome,
  attacker_ip AS source_ip,
  toIPv6OrDefault(sensor_name) AS destination_ip,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'ssh' AS service,
  'tcp' AS transport,
  session,
  username,
  mapFilter((name_of, content) -> content != '', map('public_key', record.fingerprint)) AS extra
FROM {{record cowrie_db_keyfingerprints}} AS record
WHERE version = 0 AND session != ''

-- from cowrie_db_input
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
  if(client > 0, 'ssh', '') AS service,
  'tcp' AS transport,
  session,
  input AS command,
  mapFilter((name_of, content) -> content != '', map('realm', toString(realm))) AS extra
FROM {{record cowrie_db_input}}
-- A command that the shell has not is a second row about a line whose own row has 1.
WHERE version = 0 AND session != '' AND ifNull(success, 1) != 0

-- from cowrie_db_downloads
WITH shasum IN ('', 'NULL') AS failed
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(url = '', 'modify', 'download') AS action,
  'data' AS target_kind,
  if(url = '', shasum, url) AS target,
  if(failed, 'failure', 'success') AS outcome,
  attacker_ip AS source_ip,
  toIPv6OrDefault(sensor_name) AS destination_ip,
  'inbound' AS direction,
  'honeypot' AS vantage,
  if(client > 0, 'ssh', '') AS service,
  'tcp' AS transport,
  session,
  url,
  if(failed, '', shasum) AS file_sha256
FROM {{record cowrie_db_downloads}}
WHERE version = 0 AND session != ''

-- from cowrie_db_ipforwards
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'bypass' AS action,
  'computer' AS target_kind,
  concat(if(position(dst_ip, ':') > 0, concat('[', dst_ip, ']'), dst_ip), ':', toString(dst_port)) AS target,
  'unknown' AS outcome,
  attacker_ip AS source_ip,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'ssh' AS service,
  'tcp' AS transport,
  session
FROM {{record cowrie_db_ipforwards}}
WHERE version = 0 AND session != ''

-- from cowrie_statements
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
FROM {{record cowrie_statements}}
WHERE version = 0 AND verb != ''
