-- Landing table -> record table. Times end in Z.

-- into ipphoney_json
WITH
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.eventid = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    NOT startsWith(j.eventid, 'ipphoney.'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.eventid AS eventid, j.operation AS operation, j.url AS url, j.request AS request, j.query AS query,
  j.src_ip AS src_ip, accurateCastOrDefault(j.src_port, 'UInt16') AS src_port, j.dst_ip AS dst_ip,
  accurateCastOrDefault(j.dst_port, 'UInt16') AS dst_port, j.sensor AS sensor, j.user_agent AS user_agent,
  j.filename AS filename, accurateCastOrDefault(j.filesize, 'UInt64') AS filesize, j.sha256 AS sha256
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        eventid String, operation String, url String, request String, query String, src_ip String, src_port Int64,
        dst_ip String, dst_port Int64, sensor String, user_agent String, filename String, filesize Int64,
        sha256 String, timestamp String
      )'
    )) AS j
  FROM {{landing ipphoney}}
)

-- into ipphoney_downloads
{{artifact_select ipphoney}}
