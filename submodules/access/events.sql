-- Record table -> event: a request is a probe, one for another server a bypass, one with a name a log-in.

-- from access_log
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    method = 'CONNECT' OR match(path, '^(?i)https?://'), 'bypass',
    user != '', 'authenticate',
    'probe'
  ) AS action,
  multiIf(action = 'bypass' OR path = '', 'computer', action = 'authenticate', 'account', 'data') AS target_kind,
  if(action = 'authenticate', user, path) AS target,
  multiIf(status = 0, 'unknown', status < 400, 'success', 'failure') AS outcome,
  attacker_ip AS source_ip,
  toUInt16OrZero(extract(vhost, ':([0-9]+)$')) AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'http' AS service,
  'tcp' AS transport,
  if(action = 'authenticate', user, '') AS username,
  multiIf(match(path, '^(?i)https?://'), path, vhost != '' AND startsWith(path, '/'), concat(if(destination_port = 443, 'https://', 'http://'), vhost, path), '') AS url,
  record.user_agent AS user_agent,
  mapFilter(
    (name_of, content) -> content != '',
    map('method', toString(method), 'status', if(status = 0, '', toString(status)), 'referer', referer)
  ) AS extra
FROM {{record access_log}} AS record
-- A status without a request (408, 400) tells of a connection that asked for nothing.
WHERE status != 0 AND attacker_ip != toIPv6('::')
