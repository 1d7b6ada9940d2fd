-- Landing table -> record table. Nothing here may throw, whatever the bytes are: only functions in …OrNull, …OrZero
-- or …OrDefault. `parse` says how far a line was understood.

-- into example_log
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(time String, src_ip String, src_port Int64, username String, password String, success Bool)'
  ) AS j,
  if(length(j.time) >= 19, parseDateTime64BestEffortOrNull(j.time, 6, 'UTC'), NULL) AS written,
  ifNull(written > '2000-01-01' AND written < collect_ts + INTERVAL 1 DAY, false) AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.time = '' AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    NOT sensible OR j.src_ip = '', 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.src_ip AS src_ip, accurateCastOrDefault(j.src_port, 'UInt16') AS src_port, j.username AS username,
  j.password AS password, j.success AS success
FROM {{landing example}}
