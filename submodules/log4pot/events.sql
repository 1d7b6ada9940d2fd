-- Record table -> event: a request is a probe, an expression an input, each file that Log4Pot fetched for it a download.

-- from log4pot_log
WITH
  extract(request, '^[^ ]+ ([^ ]+)') AS path,
  mapFromArrays(arrayMap(name_of -> lower(name_of), mapKeys(headers)), mapValues(headers)) AS header,
  if(fetched.1 = 0, '', fetched.2) AS fetched_url
SELECT
  {{event_identity fetched.1}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(type = 'exploit', 'input', type = 'payload', 'download', match(path, '^(?i)https?://'), 'bypass', 'probe') AS action,
  multiIf(action = 'input', 'process', action = 'bypass', 'computer', 'data') AS target_kind,
  multiIf(action = 'input', 'log4j', action = 'download', fetched.3, path) AS target,
  multiIf(action = 'input', 'unknown', 'success') AS outcome,
  attacker_ip AS source_ip,
  port AS source_port,
  server_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'http' AS service,
  'tcp' AS transport,
  correlation_id AS session,
  if(action = 'input', if(deobfuscated_payload = '', payload, deobfuscated_payload), '') AS command,
  multiIf(
    action = 'download', fetched_url,
    action = 'bypass', path,
    action = 'probe' AND header['host'] != '', concat('http://', header['host'], path),
    ''
  ) AS url,
  fetched.3 AS file_sha256,
  header['user-agent'] AS user_agent,
  if(action = 'input', 'CVE-2021-44228', '') AS signature,
  mapFilter((name_of, content) -> content != '', map('method', extract(request, '^[A-Z]+'), 'location', location)) AS extra
FROM {{record log4pot_log}}
-- Ordinal, URL and SHA-256: of a payload what was fetched first, then what was found by it; of others one without.
ARRAY JOIN arraySlice(
  multiIf(
    type IN ('request', 'exploit'), [(0, '', '')],
    type = 'payload', arrayFilter(
      entry -> match(entry.3, '^[0-9a-f]{64}$'),
      arrayConcat(
        [(0, '', multiIf(class_sha256 != '', class_sha256, generic_sha256 != '', generic_sha256, ldap_sha256))],
        arrayMap((number, name_of, content) -> (toUInt8(number), name_of, content), arraySlice(arrayEnumerate(mapKeys(urls)), 1, 250), arraySlice(mapKeys(urls), 1, 250), arraySlice(mapValues(urls), 1, 250))
      )
    ),
    []
  ),
  1, 251
) AS fetched
