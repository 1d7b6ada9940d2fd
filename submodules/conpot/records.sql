-- Landing table -> record table. Times carry no zone, but are UTC (datetime.utcnow of attack_session.py).

-- into conpot_json
-- Two forms: since the middle of 2026 (schema_version 1) a line has the names session_id and protocol, the time of the
-- event itself, and under `data` what its server adds.
WITH
  if(j.event_time = '', j.timestamp, j.event_time) AS shown,
  if(length(shown) >= 19, parseDateTime64BestEffortOrNull(shown, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible,
  if(j.data_type = '', j.protocol, j.data_type) AS server
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    server = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR server = '' OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.sensorid AS sensorid, if(j.`id` = '', j.session_id, j.`id`) AS `id`, j.src_ip AS src_ip,
  accurateCastOrDefault(j.src_port, 'UInt16') AS src_port, j.dst_ip AS dst_ip,
  accurateCastOrDefault(j.dst_port, 'UInt16') AS dst_port, j.public_ip AS public_ip, server AS data_type,
  -- ICCP names the service beside its type.
  if(j.event_type = 'REQUEST' AND j.data.service != '', j.data.service, j.event_type) AS event_type,
  if(j.request = '', j.data.raw_request, j.request) AS request,
  if(j.response = '', j.data.raw_response, j.response) AS response
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        sensorid String, `id` String, src_ip String, src_port Int64, dst_ip String, dst_port Int64,
        public_ip String, data_type String, event_type String, request String, response String, timestamp String,
        session_id String, protocol String, event_time String,
        data Tuple(service String, raw_request String, raw_response String)
      )'
    )) AS j
  FROM {{landing conpot}}
)

-- into conpot_log
-- conpot.log is what Python's logging writes, with local times. Lines without a time go on from the line before.
WITH
  toValidUTF8(raw) AS line,
  extractGroups(line, '^([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}),([0-9]{3}) (.*)$') AS c,
  if(length(c) = 0, NULL, parseDateTime64BestEffortOrNull(concat(c[1], '.', c[2]), 6, 'UTC')) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible,
  extractGroups(
    text,
    '^New ([A-Za-z0-9/ _-]+?)(?: client has connected[.] Connection| connection| datagram) from ([0-9a-fA-F.:]+):([0-9]+)'
  ) AS connected,
  -- Of a proxy the name is the operator's.
  extractGroups(text, '^New connection from ([0-9a-fA-F.:]+):([0-9]+) on .* proxy[.]') AS proxied,
  -- Protocol and method, the end, and for HTTP path and headers, for SNMP object and value.
  extractGroups(text, '^(HTTP/[0-9.]+ [A-Z]+|SNMPv[0-9]+ [A-Za-z]+) request from \\(\'([0-9a-fA-F.:]+)\', ([0-9]+)\\): (.*)$') AS asked,
  extractGroups(text, '^(Modbus|Kamstrup)(?: management)? traffic from ([0-9a-fA-F.:]+): (\\{.*\\})') AS traffic,
  extractGroups(text, '^([^ :]+):?(?: .*)? command attempt ([0-9a-fA-F.:]+):([0-9]+)') AS gauge,
  extractGroups(text, '^Connection established with \\(\'([0-9a-fA-F.:]+)\', ([0-9]+)\\)') AS ipmi,
  extractGroups(text, '^Received command .*? : (.*) from FTP client \\(\'([0-9a-fA-F.:]+)\', ([0-9]+)[^)]*\\): [0-9a-f-]{36}$') AS ftp,
  multiIf(
    length(connected) > 0, [connected[2], connected[3]],
    length(proxied) > 0, proxied,
    length(ftp) > 0, [ftp[2], ftp[3]],
    length(asked) > 0, [asked[2], asked[3]],
    length(traffic) > 0, [traffic[2], ''],
    length(gauge) > 0, [gauge[2], gauge[3]],
    ipmi
  ) AS visitor
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    line != raw, 'bad_utf8',
    length(c) = 0, 'unknown_kind',
    NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  multiIf(
    length(connected) > 0 OR length(proxied) > 0, 'connection',
    length(ftp) > 0, 'ftp',
    length(asked) > 0, if(startsWith(asked[1], 'HTTP'), 'http', 'snmp'),
    length(traffic) > 0, lower(traffic[1]),
    length(gauge) > 0, 'guardian_ast',
    length(ipmi) > 0, 'ipmi',
    ''
  ) AS what,
  if(
    what = 'connection',
    transform(
      lower(connected[1]),
      ['s7', 'guardianast', 'iec 104', 'iec104', 'opc ua', 'hart-ip', 'knxnet/ip', 'r-goose', 'ads discovery'],
      ['s7comm', 'guardian_ast', 'iec104', 'iec104', 'opcua', 'hartip', 'knxnetip', 'goose', 'ads'],
      lower(connected[1])
    ),
    what
  ) AS protocol,
  visitor[1] AS src_ip, toUInt16OrZero(visitor[2]) AS src_port,
  extract(text, '([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\)?$') AS session,
  multiIf(
    length(asked) > 0, asked[1],
    what = 'ftp', upper(extract(ftp[1], '^[A-Za-z]+')),
    what = 'modbus', extract(traffic[3], '\'function_code\': ([0-9]+)'),
    extract(gauge[1], '^[IS][0-9]+$')
  ) AS request,
  multiIf(what = 'http', extract(asked[4], '^\\(\'([^\']*)\''), what = 'snmp', extract(asked[4], '^([0-9.]+)'), '') AS path,
  multiIf(what = 'http', asked[4], what = 'ftp', ftp[1], traffic[3]) AS details,
  if(length(c) = 0, line, c[3]) AS text
FROM {{landing conpot}}

-- into conpot_db_events
-- A row of the table events: of SQLite, without sensorid, or of MySQL, which the versions to 0.5.1 wrote. SQLite's
-- CURRENT_TIMESTAMP is UTC, MySQL's is in the zone of its server. `remote` is a tuple as Python writes it.
WITH
  if(
    match(r.timestamp, '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]) '),
    parseDateTime64BestEffortOrNull(r.timestamp, 6, 'UTC'),
    NULL
  ) AS shown,
  r.sensorid = '' AS of_sqlite,
  {{zoned shown}} AS local,
  if(of_sqlite, shown, local) AS written,
  {{sensible written}} AS sensible,
  extractGroups(r.remote, '^\\(u?[\'"]([0-9a-fA-F.:]+)[^\'"]*[\'"], ([0-9]+)') AS visitor
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', of_sqlite, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    r.id = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.id = 0 OR NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(visitor[1]) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.id, 'UInt64') AS `id`,
  r.sensorid AS sensorid, r.session AS session, r.remote AS remote, toUInt16OrZero(visitor[2]) AS src_port,
  r.protocol AS protocol,
  if(r.response = 'NA' AND match(r.request, '^(NEW_CONNECTION|CONNECTION_[A-Z]+)$'), r.request, '') AS event_type,
  if(position(raw, '"request":{"$hex":"') > 0, unhex(JSONExtractString(r.request, '$hex')), r.request) AS request,
  if(position(raw, '"response":{"$hex":"') > 0, unhex(JSONExtractString(r.response, '$hex')), r.response) AS response
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        `id` Int64, sensorid String, session String, `timestamp` String, remote String, protocol String,
        request String, response String
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r
  FROM {{landing conpot}}
)

-- into conpot_statements
WITH
  if(j.time > 0 AND j.time < 10000000000, fromUnixTimestamp64Micro(j.time * 1000000, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.log = '' AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.log = '' OR j.verb = '' OR NOT sensible, 'partial',
    j.form NOT IN ('row', 'statement'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  {{geo attacker_ip}},
  j.log AS log, accurateCastOrDefault(j.position, 'UInt64') AS position, j.time AS time,
  accurateCastOrDefault(j.thread, 'UInt64') AS thread, j.form AS form, j.verb AS verb, j.database AS database,
  j.`table` AS `table`,
  if(position(raw, '"sql":{"$hex":"') > 0, unhex(JSONExtractString(j.sql, '$hex')), j.sql) AS sql,
  accurateCastOrDefault(j.`rows`, 'UInt64') AS `rows`, j.images AS images, j.`error` AS `error`
FROM (
  SELECT *, toValidUTF8(raw) AS text, untuple(JSONExtract(
      text,
      'Tuple(
        log String, position Int64, time Int64, thread Int64, form String, verb String, database String,
        `table` String, sql String, `rows` Int64, images String, `error` Int64
      )'
    )) AS j
  FROM {{landing conpot}}
)
