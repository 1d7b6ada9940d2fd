-- Landing table -> record tables: one for each table of Kippo's database. A row comes as
-- {"row": {…}, "parent": {…}, "grandparent": {…}}: rows of a session carry it as their parent and its sensor as their
-- grandparent, sessions carry their sensor as their parent.
--
-- `$hex`      bytes that are no UTF-8, and the recordings, come as {"$hex": "…"} and are stored as the bytes they are.
--             Written in a string by an attacker the quotes would be escaped, so that raw tells the two apart.
-- `written`   a DATETIME, which has no zone. Kippo writes UTC as long as its own zone is the database server's.
--             MySQL's zero date, which the engine would read as some other, says nothing.
--             Recordings have no time of their own and take the begin of their session.

-- define time
if(
    match({{1}}, '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]) '),
    parseDateTime64BestEffortOrNull({{1}}, 6, 'UTC'),
    NULL
  ) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible

-- define detected
if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis

-- define bytes
if(position(raw, '"{{2}}":{"$hex":"') > 0, unhex(JSONExtractString({{1}}.{{2}}, '$hex')), {{1}}.{{2}})

-- into kippo_sessions
WITH {{use time r.starttime}}
SELECT
  {{record_values}},
  {{use detected}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.id = '' AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.id = '' OR NOT sensible OR r.ip = '', 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(r.ip) AS attacker_ip,
  {{geo attacker_ip}},
  r.id AS id,
  r.starttime AS starttime,
  r.endtime AS endtime,
  accurateCastOrDefault(r.sensor, 'UInt64') AS sensor,
  accurateCastOrDefault(r.version, 'UInt8') AS ip_version,
  r.ip AS ip,
  r.termsize AS termsize,
  accurateCastOrDefault(r.client, 'UInt64') AS client,
  p.ip AS sensor_name
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(id String, starttime String, endtime String, sensor Int64, version Int64, ip String, termsize String, client Int64),
      parent Tuple(ip String)
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing kippo}}
)

-- into kippo_auth
WITH {{use time r.timestamp}}
SELECT
  {{record_values}},
  {{use detected}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.id = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.id = 0 OR NOT sensible OR p.id = '', 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.ip) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.id, 'UInt64') AS id,
  r.session AS session,
  accurateCastOrDefault(r.success, 'UInt8') AS success,
  {{use bytes r username}} AS username,
  {{use bytes r password}} AS password,
  p.ip AS ip,
  g.ip AS sensor_name
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(id Int64, session String, success Int64, username String, password String, `timestamp` String),
      parent Tuple(id String, starttime String, ip String),
      grandparent Tuple(ip String)
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing kippo}}
)

-- into kippo_input
WITH {{use time r.timestamp}}
SELECT
  {{record_values}},
  {{use detected}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.id = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.id = 0 OR NOT sensible OR p.id = '', 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.ip) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.id, 'UInt64') AS id,
  r.session AS session,
  {{use bytes r realm}} AS realm,
  accurateCastOrNull(r.success, 'UInt8') AS success,
  {{use bytes r input}} AS input,
  p.ip AS ip,
  g.ip AS sensor_name
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(id Int64, session String, `timestamp` String, realm String, success Nullable(Int64), input String),
      parent Tuple(id String, starttime String, ip String),
      grandparent Tuple(ip String)
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing kippo}}
)

-- into kippo_downloads
WITH {{use time r.timestamp}}
SELECT
  {{record_values}},
  {{use detected}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.id = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.id = 0 OR NOT sensible OR p.id = '', 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.ip) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.id, 'UInt64') AS id,
  r.session AS session,
  {{use bytes r url}} AS url,
  {{use bytes r outfile}} AS outfile,
  p.ip AS ip,
  g.ip AS sensor_name
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(id Int64, session String, `timestamp` String, url String, outfile String),
      parent Tuple(id String, starttime String, ip String),
      grandparent Tuple(ip String)
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing kippo}}
)

-- into kippo_ttylog
WITH {{use time p.starttime}}
SELECT
  {{record_values}},
  {{use detected}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.id = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.id = 0 OR NOT sensible OR p.id = '', 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.ip) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.id, 'UInt64') AS id,
  r.session AS session,
  {{use bytes r ttylog}} AS ttylog,
  p.ip AS ip,
  g.ip AS sensor_name
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(id Int64, session String, ttylog String),
      parent Tuple(id String, starttime String, ip String),
      grandparent Tuple(ip String)
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing kippo}}
)

-- into kippo_clients
SELECT
  {{record_values}},
  collect_ts AS detect_ts,
  'receipt' AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    r.id = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.id = 0, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault('') AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.id, 'UInt64') AS id,
  {{use bytes r version}} AS client_version
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(id Int64, version String)
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r
  FROM {{landing kippo}}
)

-- into kippo_sensors
SELECT
  {{record_values}},
  collect_ts AS detect_ts,
  'receipt' AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    r.id = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.id = 0, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault('') AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.id, 'UInt64') AS id,
  accurateCastOrDefault(r.version, 'UInt8') AS ip_version,
  {{use bytes r ip}} AS ip
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(id Int64, version Int64, ip String)
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r
  FROM {{landing kippo}}
)

-- into kippo_statements
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
  j.`table` AS `table`, {{use bytes j sql}} AS sql, accurateCastOrDefault(j.`rows`, 'UInt64') AS `rows`,
  j.images AS images, j.`error` AS `error`
FROM (
  SELECT *, toValidUTF8(raw) AS text, untuple(JSONExtract(
      text,
      'Tuple(
        log String, position Int64, time Int64, thread Int64, form String, verb String, database String,
        `table` String, sql String, `rows` Int64, images String, `error` Int64
      )'
    )) AS j
  FROM {{landing kippo}}
)

-- into kippo_recordings
{{artifact_select kippo}}

-- into kippo_files
{{artifact_select kippo}}

-- into kippo_log
-- A line of Twisted has a time with its zone and the part that wrote it, with the number of the connection and the
-- address where it is a connection's. Lines without a time go on from the line before.
WITH
  toValidUTF8(raw) AS line,
  extractGroups(line, '^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})([+-][0-9]{4}|Z) \\[([^\\]]*)\\] ?(.*)$') AS c,
  if(length(c) = 0, NULL, parseDateTime64BestEffortOrNull(concat(c[1], ' ', c[2], if(c[3] = 'Z', '+0000', c[3])), 6, 'UTC')) AS written,
  {{sensible written}} AS sensible,
  extractGroups(c[4], 'HoneyPotTransport,([0-9]+),([0-9a-fA-F.:]+)') AS transport,
  extractGroups(message, '^New connection: ([0-9a-fA-F.:]+):([0-9]+) \\(([0-9a-fA-F.:]+):([0-9]+)\\) \\[session: ([0-9]+)\\]$') AS connected,
  extractGroups(message, '^login attempt \\[(.*)/(.*)\\] (failed|succeeded)$') AS log_in,
  extractGroups(message, '^(Command (?:not )?found): (.*)$') AS command,
  extractGroups(message, '^INPUT \\(([a-zA-Z0-9]+)\\): (.*)$') AS read,
  extractGroups(message, '^Saving URL \\((.*)\\) to (.*)$') AS saved,
  extractGroups(message, '^Exec disabled. Not executing command: "(.*)"$') AS refused
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    line != raw, 'bad_utf8',
    length(c) = 0, 'unknown_kind',
    NOT sensible OR what = '' AND match(message, '^(login attempt|New connection)'), 'partial',
    what != '' AND attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  c[4] AS system,
  if(length(connected) > 0, connected[5], transport[1]) AS session,
  multiIf(
    length(connected) > 0, 'connection',
    length(log_in) > 0, 'log-in',
    length(command) > 0, 'command',
    length(read) > 0, 'input',
    length(saved) > 0, 'download',
    length(refused) > 0, 'refused',
    ''
  ) AS what,
  replaceOne(if(length(connected) > 0, connected[1], transport[2]), '::ffff:', '') AS src_ip,
  toUInt16OrZero(connected[2]) AS src_port, replaceOne(connected[3], '::ffff:', '') AS dst_ip, toUInt16OrZero(connected[4]) AS dst_port,
  log_in[3] = 'succeeded' OR command[1] = 'Command found' AS success,
  log_in[1] AS username, log_in[2] AS password, read[1] AS realm,
  concat(command[2], read[2], refused[1]) AS input, saved[1] AS url, saved[2] AS outfile,
  if(length(c) = 0, line, c[5]) AS message
FROM {{landing kippo}}

-- into kippo_textlog
-- Lines end in a carriage return, times are local. One version's id of a session is the address and port.
WITH
  toValidUTF8(raw) AS line,
  extractGroups(line, '^(.*?) \\[([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2})\\]: (.*?)\\r?$') AS c,
  if(length(c) = 0, NULL, parseDateTime64BestEffortOrNull(c[2], 6, 'UTC')) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible,
  extractGroups(message, '^New connection: ([0-9a-fA-F.:]+):([0-9]+)$') AS connected,
  extractGroups(message, '^Login (failed|succeeded) \\[(.*)/(.*)\\]$') AS log_in,
  extractGroups(message, '^(Command|Unknown command) \\[(.*)\\]$') AS command,
  extractGroups(message, '^Input \\[(.*)\\] @([a-zA-Z0-9]+)$') AS read,
  extractGroups(message, '^File download: \\[(.*)\\] -> (.*)$') AS saved
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    line != raw, 'bad_utf8',
    length(c) = 0, 'unknown_kind',
    NOT sensible OR c[1] = '', 'partial',
    what = '' AND NOT match(message, '^(Connection lost$|Terminal size: |Client version: )'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  c[1] AS session,
  multiIf(
    length(connected) > 0, 'connection',
    length(log_in) > 0, 'log-in',
    length(command) > 0, 'command',
    length(read) > 0, 'input',
    length(saved) > 0, 'download',
    ''
  ) AS what,
  if(length(connected) > 0, connected[1], extract(c[1], '^([0-9a-fA-F.:]+) [0-9]+$')) AS src_ip,
  toUInt16OrZero(connected[2]) AS src_port,
  log_in[1] = 'succeeded' OR command[1] = 'Command' AS success,
  log_in[2] AS username, log_in[3] AS password, read[2] AS realm, concat(command[2], read[1]) AS input,
  saved[1] AS url, saved[2] AS outfile,
  if(length(c) = 0, line, c[3]) AS message
FROM {{landing kippo}}
