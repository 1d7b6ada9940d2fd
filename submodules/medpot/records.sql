-- Landing table -> record table. T-Pot's times end in Z.

-- into medpot_log
WITH
  endsWith(j.timestamp, 'Z') AS iso,
  -- Medpot itself writes `20 Nov 26 08:00 CET`, in the local zone; only UTC and GMT say for certain which that is.
  match(j.timestamp, ' (UTC|GMT)$') AS has_zone,
  if(
    iso,
    parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'),
    toDateTime64OrNull(toString(parseDateTimeOrNull(substring(j.timestamp, 1, 15), '%d %b %y %H:%i', 'UTC')), 6, 'UTC')
  ) AS shown,
  if(iso OR has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', iso OR has_zone, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.message = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    j.message != 'Connection found', 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.message AS message, j.src_ip AS src_ip, toUInt16OrZero(j.src_port) AS src_port, tryBase64Decode(j.data) AS data
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        message String, src_ip String, src_port String, data String, timestamp String
      )'
    )) AS j
  FROM {{landing medpot}}
)
