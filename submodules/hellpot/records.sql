-- Landing table -> record table. Times have their zone.

-- into hellpot_log
WITH
  match(j.time, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  if(length(j.time) >= 19, parseDateTime64BestEffortOrNull(j.time, 6, 'UTC'), NULL) AS shown,
  if(has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_zone, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.message = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.message = '' OR REMOTE_ADDR != '' AND attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(REMOTE_ADDR) AS attacker_ip,
  {{geo attacker_ip}},
  j.message AS message, j.level AS level, j.REMOTE_ADDR AS REMOTE_ADDR, j.URL AS URL, j.USERAGENT AS USERAGENT,
  accurateCastOrDefault(j.BYTES, 'UInt64') AS BYTES, j.DURATION AS DURATION
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        message String, level String, `REMOTE_ADDR` String, `URL` String, `USERAGENT` String, `BYTES` Int64,
        `DURATION` Float64, time String
      )'
    )) AS j
  FROM {{landing hellpot}}
)
