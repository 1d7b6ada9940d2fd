-- Landing table -> record table. Times have their zone; until February 2024 `ts` is seconds since 1970. At that time the
-- bytes that came stood under `msg` too, behind the `msg` of the line itself.

-- into glutton_log
WITH
  match(j.time, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  if(length(j.time) >= 19, parseDateTime64BestEffortOrNull(j.time, 6, 'UTC'), NULL) AS shown,
  multiIf(
    j.ts > 0 AND j.ts < 10000000000, fromUnixTimestamp64Micro(toInt64(round(j.ts * 1000000)), 'UTC'),
    has_zone, shown,
    {{zoned shown}}
  ) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_zone OR j.ts > 0, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.msg = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.msg = '' OR j.sensorID = '' OR j.src_ip != '' AND attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.msg AS msg, j.level AS level, j.sensorID AS sensorID, if(j.handler = '', j.protocol, j.handler) AS handler,
  j.src_ip AS src_ip, toUInt16OrZero(j.src_port) AS src_port, toUInt16OrZero(j.dest_port) AS dest_port,
  if(
    j.message = '' AND j.ts > 0,
    arrayFilter(field -> field.1 = 'msg', JSONExtractKeysAndValues(text, 'String'))[2].2,
    j.message
  ) AS message,
  j.command AS command, if(j.username = '', j.user, j.username) AS username, j.password AS password, j.method AS method,
  j.path AS path, j.query AS query, j.payload_hash AS payload_hash,
  if(j.sha256 = '', j.sample_hash, j.sha256) AS sha256, j.source AS fetched_from
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        msg String, level String, `sensorID` String, handler String, protocol String, src_ip String, src_port String,
        dest_port String, message String, command String, username String, `user` String, password String, method String,
        path String, query String, payload_hash String, sha256 String, sample_hash String, source String,
        ts Float64, time String
      )'
    )) AS j
  FROM {{landing glutton}}
)

-- into glutton_payloads
{{artifact_select glutton}}
