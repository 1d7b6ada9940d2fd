-- Record table -> event: a request is a probe, one with a name and a password a log-in, a file that it brings a download.

-- from h0neytr4p_log
WITH
  ordinal = 1 AS brought,
  if(match(header_authorization, '^(?i)basic '), tryBase64Decode(substring(header_authorization, 7)), '') AS basic,
  match(request_uri, '^(?i)https?://') OR request_method = 'CONNECT' AS proxied
SELECT
  {{event_identity ordinal}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(brought, 'download', proxied, 'bypass', position(basic, ':') > 0, 'authenticate', 'probe') AS action,
  multiIf(action = 'bypass', 'computer', action = 'authenticate', 'account', 'data') AS target_kind,
  multiIf(brought, payload_filename, action = 'authenticate', username, request_uri) AS target,
  if(brought, 'success', 'unknown') AS outcome,
  attacker_ip AS source_ip,
  dest_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'http' AS service,
  'tcp' AS transport,
  if(action = 'authenticate', toValidUTF8(splitByChar(':', basic)[1]), '') AS username,
  if(action = 'authenticate', toValidUTF8(substring(basic, position(basic, ':') + 1)), '') AS password,
  multiIf(
    match(request_uri, '^(?i)https?://'), request_uri,
    hostname != '' AND startsWith(request_uri, '/'), concat(toString(protocol), '://', if(position(hostname, ':') > 0, concat('[', hostname, ']'), hostname), ':', toString(dest_port), request_uri),
    ''
  ) AS url,
  record.user_agent AS user_agent,
  trapped_for AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map('method', toString(request_method), 'md5', if(brought, payload_hash_md5, ''), 'forwarded_for', header_x_forwarded_for)
  ) AS extra
FROM {{record h0neytr4p_log}} AS record
ARRAY JOIN if(payload_hash_md5 = '', [0], [0, 1]) AS ordinal
WHERE request_uri != ''
