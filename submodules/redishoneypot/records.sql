-- Landing table -> record table. The times of 2021 are local; those of the successor end in Z.

-- into redishoneypot_log
WITH
  if(j.time = '', j.timestamp, j.time) AS moment,
  match(moment, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  if(length(moment) >= 19, parseDateTime64BestEffortOrNull(moment, 6, 'UTC'), NULL) AS shown,
  if(has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_zone, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.time = '' AND j.timestamp = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    j.event NOT IN ('', 'connect', 'command', 'close', 'protocol_error') OR j.event = '' AND j.action = '', 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  if(j.event = '', j.action, multiIf(j.event = 'connect', 'NewConnect', j.event = 'close', 'Closed', trimRight(concat(j.command, ' ', j.args_text)))) AS action,
  j.event AS event, if(j.src_ip = '', trim(BOTH '[]' FROM extract(j.addr, '^(.*):[0-9]+$')), j.src_ip) AS src_ip,
  if(j.src_port = 0, toUInt16OrZero(extract(j.addr, ':([0-9]+)$')), accurateCastOrDefault(j.src_port, 'UInt16')) AS src_port,
  j.dest_ip AS dest_ip, accurateCastOrDefault(j.dest_port, 'UInt16') AS dest_port,
  if(j.session_id = '', j.addr, j.session_id) AS session_id,
  if(j.event = '', if(action IN ('NewConnect', 'Closed'), '', upper(extract(action, '^[^ ]+'))), j.command) AS command,
  j.outcome AS outcome, j.args_sha256 AS args_sha256, j.analysis_hint AS analysis_hint,
  j.auth_username AS auth_username, j.auth_password_sha256 AS auth_password_sha256,
  j.session_duration AS session_duration, j.error AS error
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        action String, event String, src_ip String, addr String, src_port Int64, dest_ip String, dest_port Int64,
        session_id String, command String, outcome String, args_sha256 String, analysis_hint String,
        auth_username String, auth_password_sha256 String, session_duration Float64, error String, args_text String,
        time String, timestamp String
      )'
    )) AS j
  FROM {{landing redishoneypot}}
)
