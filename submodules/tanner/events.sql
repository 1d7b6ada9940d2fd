-- Record table -> event: a request is a probe, one for another server a bypass, and a log-in where it carries a name and a password.

-- from tanner_report
WITH
  if(startsWith(headers['authorization'], 'Basic '), tryBase64Decode(substring(headers['authorization'], 7)), '') AS basic,
  post_data['log'] != '' AND post_data['pwd'] != '' AS wordpress,
  match(path, '^(?i)https?://') OR method = 'CONNECT' AS proxied
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(wordpress OR position(basic, ':') > 0, 'authenticate', proxied, 'bypass', 'probe') AS action,
  multiIf(action = 'authenticate', 'account', action = 'bypass', 'computer', 'data') AS target_kind,
  if(action = 'authenticate', username, path) AS target,
  multiIf(action = 'authenticate' OR status = 0, 'unknown', status < 400, 'success', 'failure') AS outcome,
  attacker_ip AS source_ip,
  peer_port AS source_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'http' AS service,
  'tcp' AS transport,
  sess_uuid AS session,
  if(wordpress, post_data['log'], toValidUTF8(splitByChar(':', basic)[1])) AS username,
  if(wordpress, post_data['pwd'], toValidUTF8(substring(basic, position(basic, ':') + 1))) AS password,
  multiIf(
    match(path, '^(?i)https?://'), path,
    proxied OR headers['host'] = '', '',
    concat('http://', headers['host'], path)
  ) AS url,
  headers['user-agent'] AS user_agent,
  if(detection_name IN ('index', 'unknown'), '', toString(detection_name)) AS signature,
  mapFilter((name_of, content) -> content != '', map('method', toString(method), 'status', if(status = 0, '', toString(status)))) AS extra
FROM {{record tanner_report}}
WHERE path != ''
