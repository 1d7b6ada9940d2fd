-- Record tables -> event. The JSON and the two CSV files tell the same: an operator has one or the other read.

-- define connection
-- The same servers with TLS have the same service, as with other honeypots.
  toIPv6OrDefault(source_ip) AS source_ip,
  source_port,
  toIPv6OrDefault(record.destination_ip) AS destination_ip,
  destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  transform(
    protocol,
    ['https', 'http_proxy', 'imaps', 'pop3s', 'smtps', 'submission', 'socks5', 'ftps', 'ldaps', 'mqtts'],
    ['http', 'http', 'imap', 'pop3', 'smtp', 'smtp', 'socks', 'ftp', 'ldap', 'mqtt'],
    toString(protocol)
  ) AS service,
  -- Its SIP is on both, and it does not say on which it was spoken to.
  if(protocol = 'sip', '', 'tcp') AS transport,
  session_id AS session

-- from heralding_json
-- A session is a probe, each of its log-ins an event of its own. Ordinals have a byte, so that log-ins after the 254th
-- stay in the record; Heralding hangs up long before.
WITH
  parseDateTime64BestEffortOrNull(attempt.timestamp, 6, 'UTC') AS written,
  ordinal > 0 AND {{sensible written}} AS timed,
  -- Since 2026 the hash is a field of its own, which older versions lack; MySQL's was in place of the password.
  if(ordinal = 0, '', JSONExtractString(toValidUTF8(raw), 'auth_attempts', toInt64(ordinal), 'password_hash')) AS own_hash,
  if(ordinal = 0 AND protocol = 'http_proxy', auxiliary_data['target'], '') AS asked_for
SELECT
  {{event_identity ordinal}},
  if(timed, assumeNotNull(written), record.detect_ts) AS detect_ts,
  if(timed, 'sensor', record.detect_basis) AS detect_basis,
  attacker_ip, attacker_country, attacker_asn,
  multiIf(asked_for != '', 'bypass', ordinal = 0, 'probe', 'authenticate') AS action,
  if(ordinal = 0, 'computer', 'account') AS target_kind,
  multiIf(asked_for != '', asked_for, ordinal = 0, record.destination_ip, attempt.username) AS target,
  if(ordinal = 0 AND asked_for = '', 'success', 'failure') AS outcome,
  {{use connection}},
  attempt.username AS username,
  if(protocol = 'mysql', '', attempt.password) AS password,
  if(match(asked_for, '^(?i)https?://'), asked_for, '') AS url,
  if(
    protocol = 'ssh',
    auxiliary_data['client_version'],
    auxiliary_data[arrayFirst(header -> lower(header) = 'user-agent', mapKeys(auxiliary_data))]
  ) AS user_agent,
  mapFilter(
    (name_of, content) -> content != '',
    map('password_hash', if(protocol = 'mysql' AND own_hash = '', attempt.password, own_hash))
  ) AS extra
FROM {{record heralding_json}} AS record
ARRAY JOIN
  arrayPushFront(
    arraySlice(auth_attempts, 1, 254),
    CAST(('', '', '') AS Tuple(timestamp String, username String, password String))
  ) AS attempt,
  range(1 + least(254, length(auth_attempts))) AS ordinal
WHERE session_id != ''

-- from heralding_auth
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'authenticate' AS action,
  'account' AS target_kind,
  username AS target,
  'failure' AS outcome,
  {{use connection}},
  username,
  if(protocol = 'mysql', '', record.password) AS password,
  mapFilter(
    (name_of, content) -> content != '',
    map('password_hash', if(protocol = 'mysql' AND password_hash = '', record.password, password_hash))
  ) AS extra
FROM {{record heralding_auth}} AS record
WHERE attacker_ip != toIPv6('::')

-- from heralding_session
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'probe' AS action,
  'computer' AS target_kind,
  record.destination_ip AS target,
  'success' AS outcome,
  {{use connection}}
FROM {{record heralding_session}} AS record
WHERE attacker_ip != toIPv6('::')
