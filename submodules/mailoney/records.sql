-- Landing table -> record tables. T-Pot's times end in Z, those of the original are seconds since 1970.

-- into mailoney_commands
WITH
  -- The original writes `[seconds since 1970][address:port] data`.
  extractGroups(text, '^\\[([0-9]{9,10}(?:\\.[0-9]+)?)\\]\\[([0-9a-fA-F.:]+):([0-9]+)\\] ?(.*)$') AS plain,
  multiIf(
    length(plain) > 0, fromUnixTimestamp64Micro(toInt64(toFloat64OrZero(plain[1]) * 1000000), 'UTC'),
    length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'),
    NULL
  ) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    length(plain) = 0 AND j.timestamp = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    -- JSON with a time and an address is many a program's: this one has data, and nothing but what it may write. Since
    -- December 2024 the addresses in it are `emails`, where there are any, and no longer `smtp_input`.
    length(plain) = 0 AND (
      JSONType(text, 'data') != 'String'
      OR NOT hasAll(['timestamp', 'src_ip', 'src_port', 'data', 'smtp_input', 'emails'], JSONExtractKeys(text))
    ), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  if(length(plain) > 0, plain[2], j.src_ip) AS src_ip,
  if(length(plain) > 0, toUInt16OrZero(plain[3]), accurateCastOrDefault(j.src_port, 'UInt16')) AS src_port,
  trimRight(if(length(plain) > 0, plain[4], j.data), '\r') AS data,
  upper(extract(data, '^[A-Za-z]+')) AS verb
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text,
    untuple(JSONExtract(text, 'Tuple(src_ip String, src_port Int64, data String, timestamp String)')) AS j
  FROM {{landing mailoney}}
)

-- into mailoney_mail
WITH
  -- The original writes `[seconds since 1970][address:port] data`.
  extractGroups(text, '^\\[([0-9]{9,10}(?:\\.[0-9]+)?)\\]\\[([0-9a-fA-F.:]+):([0-9]+)\\] ?(.*)$') AS plain,
  multiIf(
    length(plain) > 0, fromUnixTimestamp64Micro(toInt64(toFloat64OrZero(plain[1]) * 1000000), 'UTC'),
    length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'),
    NULL
  ) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    length(plain) = 0 AND j.timestamp = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    -- JSON with a time and an address is many a program's: this one has data, and nothing but what it may write. Since
    -- December 2024 the addresses in it are `emails`, where there are any, and no longer `smtp_input`.
    length(plain) = 0 AND (
      JSONType(text, 'data') != 'String'
      OR NOT hasAll(['timestamp', 'src_ip', 'src_port', 'data', 'smtp_input', 'emails'], JSONExtractKeys(text))
    ), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  if(length(plain) > 0, plain[2], j.src_ip) AS src_ip,
  if(length(plain) > 0, toUInt16OrZero(plain[3]), accurateCastOrDefault(j.src_port, 'UInt16')) AS src_port,
  trimRight(if(length(plain) > 0, plain[4], j.data), '\r') AS data
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text,
    untuple(JSONExtract(text, 'Tuple(src_ip String, src_port Int64, data String, timestamp String)')) AS j
  FROM {{landing mailoney}}
)
