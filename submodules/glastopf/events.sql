-- Record tables -> event: a request is a probe, one for another server a bypass, a file that was fetched a download.

-- from glastopf_log
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(match(path, '^(?i)https?://') OR method = 'CONNECT', 'bypass', 'probe') AS action,
  if(action = 'bypass', 'computer', 'data') AS target_kind,
  path AS target,
  'unknown' AS outcome,
  attacker_ip AS source_ip,
  toUInt16OrZero(extract(host, ':([0-9]+)$')) AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'http' AS service,
  'tcp' AS transport,
  multiIf(match(path, '^(?i)https?://'), path, startsWith(path, '/'), concat('http://', host, path), '') AS url,
  map('method', toString(method)) AS extra
FROM {{record glastopf_log}}
WHERE method != ''

-- from glastopf_events
WITH
  ordinal = 1 AS fetched,
  match(request_url, '^(?i)https?://') OR startsWith(request_raw, 'CONNECT ') AS proxied,
  extract(request_raw, '(?i)\nhost: *([^\r\n]+)') AS host
SELECT
  {{event_identity ordinal}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(fetched, 'download', proxied, 'bypass', 'probe') AS action,
  if(action = 'bypass', 'computer', 'data') AS target_kind,
  if(fetched, filename, request_url) AS target,
  if(fetched, 'success', 'unknown') AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'http' AS service,
  'tcp' AS transport,
  multiIf(
    -- The file's address stands in a parameter of the request.
    fetched, decodeURLComponent(extract(request_url, '=((?i:https?|ftp)(?:://|%3[aA]%2[fF]%2[fF])[^&]+)')),
    match(request_url, '^(?i)https?://'), request_url,
    host != '' AND startsWith(request_url, '/'), concat('http://', host, request_url),
    ''
  ) AS url,
  extract(request_raw, '(?i)\nuser-agent: *([^\r\n]+)') AS user_agent,
  if(pattern IN ('', 'unknown'), '', toString(pattern)) AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map('method', extract(request_raw, '^[A-Z]+'), 'md5', if(fetched, filename, ''))
  ) AS extra
FROM {{record glastopf_events}}
ARRAY JOIN if(filename = '', [0], [0, 1]) AS ordinal
WHERE attacker_ip != toIPv6('::')
