-- Record table -> event: a request is a probe, one with a name and a password a log-in.

-- from galah_log
WITH
  if(match(headers['Authorization'], '^(?i)basic '), tryBase64Decode(substring(headers['Authorization'], 7)), '') AS basic,
  match(request, '^(?i)https?://') OR method = 'CONNECT' AS proxied
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(proxied, 'bypass', position(basic, ':') > 0, 'authenticate', 'probe') AS action,
  multiIf(action = 'bypass', 'computer', action = 'authenticate', 'account', 'data') AS target_kind,
  if(action = 'authenticate', username, request) AS target,
  multiIf(action = 'authenticate', 'unknown', startsWith(msg, 'failed'), 'failure', 'success') AS outcome,
  attacker_ip AS source_ip,
  srcPort AS source_port,
  port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'http' AS service,
  'tcp' AS transport,
  sessionID AS session,
  if(action = 'authenticate', toValidUTF8(splitByChar(':', basic)[1]), '') AS username,
  if(action = 'authenticate', toValidUTF8(substring(basic, position(basic, ':') + 1)), '') AS password,
  if(match(request, '^(?i)https?://'), request, '') AS url,
  userAgent AS user_agent,
  suricataMatches[1].msg AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map('method', toString(method), 'headers_sha256', headersSortedSha256, 'scanner', arrayStringConcat(tags, ', '))
  ) AS extra
FROM {{record galah_log}}
WHERE match(msg, '^(successful|failed)Response')
