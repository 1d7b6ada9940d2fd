-- Landing table -> record tables. One line of cowrie.json is one record, whatever is in it.
--
-- `wounded`  the bytes would make the whole JSON unreadable to the engine: no UTF-8, half of a surrogate pair, or a
--            number of 19 digits and more. Only such lines are mended before they are read; `raw` stays as it came.
--            A half pair is left out, a number is cut to 18 digits (and counts as 0 where that is out of range).
-- `parse`    in the order of the cases: cut by a limit, not JSON, no UTF-8, a number cut or something missing that
--            Cowrie always writes, an event id that is in neither Cowrie's documentation nor its source up to 3.0.
--
-- The fields are taken out of their tuple by `untuple`, because each reference into a tuple of eighty costs the engine
-- half a millisecond for every insert.

-- into cowrie_json
WITH
  match(j.timestamp, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS shown,
  if(has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(
    NOT sensible, 'receipt',
    has_zone, 'sensor',
    'zone_assumed'
  ) AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.eventid = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR j.eventid = '' OR NOT sensible OR j.session = '' AND j.src_ip = '', 'partial',
    j.eventid NOT IN (
    'cowrie.session.connect', 'cowrie.session.closed', 'cowrie.session.params', 'cowrie.session.input',
    'cowrie.session.file_download', 'cowrie.session.file_download.failed', 'cowrie.session.file_upload',
    'cowrie.login.success', 'cowrie.login.failed', 'cowrie.client.version', 'cowrie.client.kex',
    'cowrie.client.fingerprint', 'cowrie.client.size', 'cowrie.client.var',
    'cowrie.client.malformed_packet', 'cowrie.command.input', 'cowrie.command.failed',
    'cowrie.command.success', 'cowrie.command.chpasswd', 'cowrie.direct-tcpip.request',
    'cowrie.direct-tcpip.data', 'cowrie.direct-tcpip.redirect', 'cowrie.direct-tcpip.tunnel',
    'cowrie.direct-tcpip.ja4', 'cowrie.direct-tcpip.ja4h', 'cowrie.tunnelproxy-tcpip.data',
    'cowrie.telnet.option', 'cowrie.telnet.error', 'cowrie.telnet.exploit_attempt',
    'cowrie.telnet.exploit_success', 'cowrie.log.open', 'cowrie.log.closed', 'cowrie.virustotal.scanfile',
    'cowrie.virustotal.scanurl', 'cowrie.greynoise.result', 'cowrie.urlhaus.submitted',
    'cowrie.reversedns.connect', 'cowrie.reversedns.forward', 'cowrie.abuseipdb.started',
    'cowrie.abuseipdb.reportedip', 'cowrie.abuseipdb.reportfail', 'cowrie.abuseipdb.ratelimited',
    'cowrie.abuseipdb.wakeup', 'cowrie.threatjammer.reporterinitialized',
    'cowrie.threatjammer.reporterterminated', 'cowrie.threatjammer.reportedipset',
    'cowrie.threatjammer.reportfail', 'cowrie.proxy.ssh', 'cowrie.proxy.client_disconnect',
    'cowrie.proxy.backend_connected', 'cowrie.proxy.backend_connect_error',
    'cowrie.proxy.backend_disconnected', 'cowrie.pool_client', 'cowrie.backend_pool.service',
    'cowrie.backend_pool.server', 'cowrie.backend_pool.guest_handler', 'cowrie.backend_pool.libvirtd',
    'cowrie.backend_pool.network_handler', 'cowrie.backend_pool.qemu'
    ), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.eventid AS eventid, j.session AS session, j.sensor AS sensor, j.uuid AS uuid, j.protocol AS protocol,
  j.system AS system, accurateCastOrDefault(j.isError, 'UInt8') AS isError, j.late AS late, j.epoch AS epoch,
  j.src_ip AS src_ip, accurateCastOrDefault(j.src_port, 'UInt16') AS src_port, j.dst_ip AS dst_ip,
  accurateCastOrDefault(j.dst_port, 'UInt16') AS dst_port, j.duration AS duration,
  accurateCastOrDefault(j.duration_ms, 'UInt64') AS duration_ms, j.username AS username, j.password AS password,
  j.fingerprint AS fingerprint, j.`key` AS `key`, j.`type` AS `type`, j.version AS version_, j.hassh AS hassh,
  j.hasshAlgorithms AS hasshAlgorithms, j.kexAlgs AS kexAlgs, j.keyAlgs AS keyAlgs, j.encCS AS encCS,
  j.macCS AS macCS, j.compCS AS compCS, j.langCS AS langCS, accurateCastOrDefault(j.width, 'UInt32') AS width,
  accurateCastOrDefault(j.height, 'UInt32') AS height, j.`name` AS `name`, j.`value` AS `value`,
  j.input AS input, j.realm AS realm, j.arch AS arch, j.ttylog AS ttylog,
  accurateCastOrDefault(j.`size`, 'UInt64') AS `size`, j.shasum AS shasum, j.duplicate AS duplicate,
  j.`unique` AS `unique`, j.url AS url, j.outfile AS outfile, j.destfile AS destfile, j.filename AS filename,
  j.`error` AS `error`, accurateCastOrDefault(j.`id`, 'UInt32') AS `id`, j.`data` AS `data`,
  j.orig_ip AS orig_ip, accurateCastOrDefault(j.orig_port, 'UInt16') AS orig_port, j.new_ip AS new_ip,
  accurateCastOrDefault(j.new_port, 'UInt16') AS new_port, j.ja4 AS ja4, j.ja4h AS ja4h,
  j.`command` AS `command`, j.option_name AS option_name,
  accurateCastOrDefault(j.option_byte, 'UInt8') AS option_byte, j.cve AS cve,
  j.original_username AS original_username, j.attempted_command AS attempted_command,
  accurateCastOrDefault(j.messagenum, 'UInt8') AS messagenum,
  accurateCastOrDefault(j.datalen, 'UInt32') AS datalen, j.backend_ip AS backend_ip,
  accurateCastOrDefault(j.backend_port, 'UInt16') AS backend_port, j.local_ip AS local_ip,
  accurateCastOrDefault(j.local_port, 'UInt16') AS local_port, j.vm_id AS vm_id, j.honey_ip AS honey_ip,
  accurateCastOrDefault(j.honey_port, 'UInt16') AS honey_port, j.direction AS direction, j.packet AS packet,
  j.payload AS payload, j.ptr AS ptr, accurateCastOrDefault(j.ttl, 'UInt32') AS ttl, j.sha256 AS sha256,
  j.is_new AS is_new, accurateCastOrDefault(j.positives, 'UInt32') AS positives,
  accurateCastOrDefault(j.`total`, 'UInt32') AS `total`, j.scan_date AS scan_date, j.`result` AS `result`,
  accurateCastOrDefault(j.http_status, 'UInt16') AS http_status,
  if(j.eventid = 'cowrie.greynoise.result', j.message, '') AS message
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        eventid String, session String, sensor String, uuid String, protocol String, system String, isError Int64,
        late Bool, epoch Int64, src_ip String, src_port Int64, dst_ip String, dst_port Int64, duration Float64,
        duration_ms Int64, username String, password String, fingerprint String, `key` String, `type` String,
        version String, hassh String, hasshAlgorithms String, kexAlgs Array(String), keyAlgs Array(String),
        encCS Array(String), macCS Array(String), compCS Array(String), langCS Array(String), width Int64,
        height Int64, `name` String, `value` String, input String, realm String, arch String, ttylog String,
        `size` Int64, shasum String, duplicate Bool, `unique` Bool, url String, outfile String, destfile String,
        filename String, `error` String, `id` Int64, `data` String, orig_ip String, orig_port Int64,
        new_ip String, new_port Int64, ja4 String, ja4h String, `command` String, option_name String,
        option_byte Int64, cve String, original_username String, attempted_command String, messagenum Int64,
        datalen Int64, backend_ip String, backend_port Int64, local_ip String, local_port Int64, vm_id String,
        honey_ip String, honey_port Int64, direction String, packet String, payload String, ptr String, ttl Int64,
        sha256 String, is_new String, positives Int64, `total` Int64, scan_date String, `result` String,
        http_status Int64, message String, timestamp String
      )'
    )) AS j
  FROM {{landing cowrie}}
)

-- into cowrie_ttylogs
{{artifact_select cowrie}}

-- into cowrie_downloads
{{artifact_select cowrie}}

-- The rows of [output_mysql] and [output_sqlite], which have the same tables, come as {"row": {…}, "parent": {…},
-- "grandparent": {…}}: those of a session carry it and its sensor, sessions carry their sensor as their parent.
--
-- `$hex`      bytes that are no UTF-8 come as {"$hex": "…"} and are stored as the bytes they are.
-- `written`   SQLite has Cowrie's own time, with its zone; MySQL a DATETIME in the zone of its server's session.
--             Recordings, keys and params have no time of their own and take the begin of their session.

-- define row_time
if(
    match({{1}}, '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[ T]'),
    parseDateTime64BestEffortOrNull({{1}}, 6, 'UTC'),
    NULL
  ) AS shown,
  match({{1}}, ':[0-9.]+(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  if(has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible

-- define bytes
if(position(raw, '"{{2}}":{"$hex":"') > 0, unhex(JSONExtractString({{1}}.{{2}}, '$hex')), {{1}}.{{2}})

-- define row_of_session
{{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_zone, 'sensor', 'zone_assumed') AS detect_basis,
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
  p.ip AS ip,
  g.ip AS sensor_name

-- define rows_of_session
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        id Int64, session String, `timestamp` String, success Nullable(Int64), username String, password String,
        realm String, input String, url String, outfile String, shasum String, ttylog String, `size` Int64,
        fingerprint String, arch String, dst_ip String, dst_port Int64, `data` String
      ),
      parent Tuple(id String, starttime String, ip String, client Int64),
      grandparent Tuple(ip String)
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing cowrie}}
)

-- define row_alone
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
  accurateCastOrDefault(r.id, 'UInt64') AS id

-- define rows_alone
FROM (
  WITH JSONExtract(toValidUTF8(raw), 'Tuple(row Tuple(id Int64, version String, ip String))') AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r
  FROM {{landing cowrie}}
)

-- into cowrie_db_sessions
WITH {{use row_time r.starttime}}
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_zone, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    r.id = '' AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.id = '' OR NOT sensible OR r.ip = '', 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(r.ip) AS attacker_ip,
  {{geo attacker_ip}},
  r.id AS id, r.starttime AS starttime, r.endtime AS endtime,
  accurateCastOrDefault(r.sensor, 'UInt64') AS sensor,
  r.ip AS ip, r.termsize AS termsize,
  accurateCastOrDefault(r.client, 'UInt64') AS client,
  p.ip AS sensor_name
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(id String, starttime String, endtime String, sensor Int64, ip String, termsize String, client Int64),
      parent Tuple(ip String)
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing cowrie}}
)

-- into cowrie_db_auth
WITH {{use row_time r.timestamp}}
SELECT
  {{use row_of_session}},
  accurateCastOrDefault(r.success, 'UInt8') AS success,
  {{use bytes r username}} AS username,
  {{use bytes r password}} AS password,
  accurateCastOrDefault(p.client, 'UInt64') AS client
{{use rows_of_session}}

-- into cowrie_db_input
WITH {{use row_time r.timestamp}}
SELECT
  {{use row_of_session}},
  {{use bytes r realm}} AS realm,
  accurateCastOrNull(r.success, 'UInt8') AS success,
  {{use bytes r input}} AS input,
  accurateCastOrDefault(p.client, 'UInt64') AS client
{{use rows_of_session}}

-- into cowrie_db_downloads
WITH {{use row_time r.timestamp}}
SELECT
  {{use row_of_session}},
  {{use bytes r url}} AS url,
  {{use bytes r outfile}} AS outfile,
  r.shasum AS shasum,
  accurateCastOrDefault(p.client, 'UInt64') AS client
{{use rows_of_session}}

-- into cowrie_db_ttylog
WITH {{use row_time p.starttime}}
SELECT
  {{use row_of_session}},
  r.ttylog AS ttylog,
  accurateCastOrDefault(r.`size`, 'UInt64') AS `size`
{{use rows_of_session}}

-- into cowrie_db_keyfingerprints
WITH {{use row_time p.starttime}}
SELECT
  {{use row_of_session}},
  {{use bytes r username}} AS username,
  r.fingerprint AS fingerprint
{{use rows_of_session}}

-- into cowrie_db_params
WITH {{use row_time p.starttime}}
SELECT
  {{use row_of_session}},
  r.arch AS arch
{{use rows_of_session}}

-- into cowrie_db_ipforwards
WITH {{use row_time r.timestamp}}
SELECT
  {{use row_of_session}},
  {{use bytes r dst_ip}} AS dst_ip,
  accurateCastOrDefault(r.dst_port, 'UInt16') AS dst_port
{{use rows_of_session}}

-- into cowrie_db_ipforwardsdata
WITH {{use row_time r.timestamp}}
SELECT
  {{use row_of_session}},
  {{use bytes r dst_ip}} AS dst_ip,
  accurateCastOrDefault(r.dst_port, 'UInt16') AS dst_port,
  {{use bytes r data}} AS `data`
{{use rows_of_session}}

-- into cowrie_db_clients
SELECT
  {{use row_alone}},
  {{use bytes r version}} AS client_version
{{use rows_alone}}

-- into cowrie_db_sensors
SELECT
  {{use row_alone}},
  {{use bytes r ip}} AS ip
{{use rows_alone}}

-- into cowrie_statements
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
  FROM {{landing cowrie}}
)
