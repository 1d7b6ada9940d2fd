-- Record table -> event: an exploit that Thug recognised is a bypass, a file that came a download. That Thug visits a page is
-- no step of the server's.

-- from thug_analyses
WITH
  at.1 > 0 AS exploited,
  if(exploited, exploits[at.1].url, files[at.2].url) AS place_url
SELECT
  {{event_identity if(exploited,at.1,100+at.2)}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(exploited, 'bypass', 'download') AS action,
  if(exploited, 'process', 'data') AS target_kind,
  if(exploited, exploits[at.1].module, files[at.2].type) AS target,
  'success' AS outcome,
  attacker_ip AS destination_ip,
  'outbound' AS direction,
  'honeypot' AS vantage,
  'http' AS service,
  'tcp' AS transport,
  if(place_url IN ('', 'about:blank'), record.url, place_url) AS url,
  if(exploited, '', files[at.2].sha256) AS file_sha256,
  useragent AS user_agent,
  if(exploited, if(exploits[at.1].cve = '', exploits[at.1].description, exploits[at.1].cve), '') AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map(
      'page', if(place_url IN ('', 'about:blank', record.url), '', record.url),
      'description', if(exploited, exploits[at.1].description, ''),
      'md5', if(exploited, '', files[at.2].md5),
      'sha1', if(exploited, '', files[at.2].sha1)
    )
  ) AS extra
FROM {{record thug_analyses}} AS record
ARRAY JOIN arrayConcat(
  arrayMap(number -> (number, 0), range(1, 1 + least(length(exploits), 100))),
  arrayMap(number -> (0, number), range(1, 1 + least(length(files), 100)))
) AS at

-- from thug_maec
WITH
  at.1 > 0 AS exploited
SELECT
  {{event_identity if(exploited,at.1,100+at.2)}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(exploited, 'bypass', 'download') AS action,
  if(exploited, 'process', 'data') AS target_kind,
  if(exploited, exploits[at.1].module, files[at.2].type) AS target,
  'success' AS outcome,
  attacker_ip AS destination_ip,
  'outbound' AS direction,
  'honeypot' AS vantage,
  'http' AS service,
  'tcp' AS transport,
  record.url AS url,
  if(exploited, '', files[at.2].sha256) AS file_sha256,
  if(exploited, exploits[at.1].cve, '') AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map(
      'description', if(exploited, exploits[at.1].description, ''),
      'md5', if(exploited, '', files[at.2].md5),
      'sha1', if(exploited, '', files[at.2].sha1)
    )
  ) AS extra
FROM {{record thug_maec}} AS record
ARRAY JOIN arrayConcat(
  arrayMap(number -> (number, 0), range(1, 1 + least(length(exploits), 100))),
  arrayMap(number -> (0, number), range(1, 1 + least(length(files), 100)))
) AS at
