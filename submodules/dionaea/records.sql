-- Landing table -> record tables: one for each table of Dionaea's database. A row comes as
-- {"row": {…}, "parent": {…}, "grandparent": {…}}; rows of a connection carry it as their parent, rows of a SIP or
-- MySQL command carry the command as their parent and its connection as their grandparent.
--
-- `$hex`      bytes that are no UTF-8, and BLOBs, come as {"$hex": "…"} and are stored as the bytes they are. Written in
--             a string by an attacker the quotes would be escaped, so that raw tells the two apart.
-- `sensible`  a connection's time that is after 2000 and not a day ahead of the server's. A row without a time of
--             its own has its connection's, so it is never late, but may be early by the connection's length.

-- define sensible
-- `{{1}}` is the connection: r the row itself, p its parent, g its grandparent.
{{1}}.connection_timestamp > 946684800
  AND {{1}}.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible

-- define detected
if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, {{1}}.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis

-- define connection_fields
connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64

-- define connection_columns
{{1}}.connection_type AS connection_type,
  {{1}}.connection_transport AS connection_transport, {{1}}.connection_protocol AS connection_protocol,
  {{1}}.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault({{1}}.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault({{1}}.connection_parent, 'UInt64') AS connection_parent, {{1}}.local_host AS local_host,
  accurateCastOrDefault({{1}}.local_port, 'UInt16') AS local_port, {{1}}.remote_host AS remote_host,
  {{1}}.remote_hostname AS remote_hostname, accurateCastOrDefault({{1}}.remote_port, 'UInt16') AS remote_port

-- define bytes
if(position(raw, '"{{2}}":{"$hex":"') > 0, unhex(JSONExtractString({{1}}.{{2}}, '$hex')), {{1}}.{{2}}) AS {{2}}

-- into dionaea_connections
WITH {{use sensible r}}
SELECT
  {{record_values}},
  {{use detected r}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.connection = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.connection = 0 OR NOT sensible, 'partial',
    r.connection_type NOT IN ('accept', 'connect', 'listen', 'reject', 'pending'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(r.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, {{use connection_columns r}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r
  FROM {{landing dionaea}}
)

-- into dionaea_dcerpcbinds
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.dcerpcbind = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.dcerpcbind = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.dcerpcbind, 'UInt64') AS dcerpcbind,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, r.dcerpcbind_uuid AS dcerpcbind_uuid,
  r.dcerpcbind_transfersyntax AS dcerpcbind_transfersyntax, {{use connection_columns p}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        dcerpcbind Int64, connection Int64, dcerpcbind_uuid String, dcerpcbind_transfersyntax String
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_dcerpcrequests
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.dcerpcrequest = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.dcerpcrequest = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.dcerpcrequest, 'UInt64') AS dcerpcrequest,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, r.dcerpcrequest_uuid AS dcerpcrequest_uuid,
  r.dcerpcrequest_opnum AS dcerpcrequest_opnum, {{use connection_columns p}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        dcerpcrequest Int64, connection Int64, dcerpcrequest_uuid String, dcerpcrequest_opnum Int64
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_dcerpcservices
SELECT
  {{record_values}},
  collect_ts AS detect_ts,
  'receipt' AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    r.dcerpcservice = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.dcerpcservice = 0, 'partial',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  '' AS attacker_country,
  toUInt32(0) AS attacker_asn,
  accurateCastOrDefault(r.dcerpcservice, 'UInt64') AS dcerpcservice, r.dcerpcservice_uuid AS dcerpcservice_uuid,
  r.dcerpcservice_name AS dcerpcservice_name
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        dcerpcservice Int64, dcerpcservice_uuid String, dcerpcservice_name String
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r
  FROM {{landing dionaea}}
)

-- into dionaea_dcerpcserviceops
SELECT
  {{record_values}},
  collect_ts AS detect_ts,
  'receipt' AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    r.dcerpcserviceop = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.dcerpcserviceop = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  '' AS attacker_country,
  toUInt32(0) AS attacker_asn,
  accurateCastOrDefault(r.dcerpcserviceop, 'UInt64') AS dcerpcserviceop,
  accurateCastOrDefault(r.dcerpcservice, 'UInt64') AS dcerpcservice,
  r.dcerpcserviceop_opnum AS dcerpcserviceop_opnum, r.dcerpcserviceop_name AS dcerpcserviceop_name,
  r.dcerpcserviceop_vuln AS dcerpcserviceop_vuln, p.dcerpcservice_uuid AS dcerpcservice_uuid,
  p.dcerpcservice_name AS dcerpcservice_name
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        dcerpcserviceop Int64, dcerpcservice Int64, dcerpcserviceop_opnum Int64, dcerpcserviceop_name String,
        dcerpcserviceop_vuln String
      ),
      parent Tuple(
        dcerpcservice Int64, dcerpcservice_uuid String, dcerpcservice_name String
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_emu_profiles
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.emu_profile = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.emu_profile = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.emu_profile, 'UInt64') AS emu_profile,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, {{use connection_columns p}},
  {{use bytes r emu_profile_json}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        emu_profile Int64, connection Int64, emu_profile_json String
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_emu_services
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.emu_serivce = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.emu_serivce = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.emu_serivce, 'UInt64') AS emu_serivce,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, {{use connection_columns p}},
  {{use bytes r emu_service_url}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        emu_serivce Int64, connection Int64, emu_service_url String
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_emu_services_old
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.emu_serivce = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.emu_serivce = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.emu_serivce, 'UInt64') AS emu_serivce,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, {{use connection_columns p}},
  {{use bytes r emu_service_url}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        emu_serivce Int64, connection Int64, emu_service_url String
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_offers
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.offer = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.offer = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.offer, 'UInt64') AS offer,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, {{use connection_columns p}},
  {{use bytes r offer_url}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        offer Int64, connection Int64, offer_url String
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_downloads
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.download = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.download = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.download, 'UInt64') AS download,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, r.download_md5_hash AS download_md5_hash,
  {{use connection_columns p}},
  {{use bytes r download_url}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        download Int64, connection Int64, download_url String, download_md5_hash String
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_resolves
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.resolve = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.resolve = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.resolve, 'UInt64') AS resolve,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, r.resolve_type AS resolve_type,
  r.resolve_result AS resolve_result, {{use connection_columns p}},
  {{use bytes r resolve_hostname}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        resolve Int64, connection Int64, resolve_hostname String, resolve_type String, resolve_result String
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_p0fs
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.p0f = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.p0f = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.p0f, 'UInt64') AS p0f, accurateCastOrDefault(r.connection, 'UInt64') AS connection,
  r.p0f_genre AS p0f_genre, r.p0f_link AS p0f_link, r.p0f_detail AS p0f_detail, r.p0f_uptime AS p0f_uptime,
  r.p0f_tos AS p0f_tos, r.p0f_dist AS p0f_dist, r.p0f_nat AS p0f_nat, r.p0f_fw AS p0f_fw,
  {{use connection_columns p}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        p0f Int64, connection Int64, p0f_genre String, p0f_link String, p0f_detail String, p0f_uptime Int64,
        p0f_tos String, p0f_dist Int64, p0f_nat Int64, p0f_fw Int64
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
  WHERE stream = 'p0fs'
)

-- into dionaea_logins
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.login = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.login = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.login, 'UInt64') AS login,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, {{use connection_columns p}},
  {{use bytes r login_username}},
  {{use bytes r login_password}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        login Int64, connection Int64, login_username String, login_password String
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_mssql_fingerprints
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.mssql_fingerprint = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.mssql_fingerprint = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.mssql_fingerprint, 'UInt64') AS mssql_fingerprint,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, {{use connection_columns p}},
  {{use bytes r mssql_fingerprint_hostname}},
  {{use bytes r mssql_fingerprint_appname}},
  {{use bytes r mssql_fingerprint_cltintname}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        mssql_fingerprint Int64, connection Int64, mssql_fingerprint_hostname String,
        mssql_fingerprint_appname String, mssql_fingerprint_cltintname String
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_mssql_commands
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.mssql_command = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.mssql_command = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.mssql_command, 'UInt64') AS mssql_command,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, r.mssql_command_status AS mssql_command_status,
  {{use connection_columns p}},
  {{use bytes r mssql_command_cmd}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        mssql_command Int64, connection Int64, mssql_command_status String, mssql_command_cmd String
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_virustotals
SELECT
  {{record_values}},
  collect_ts AS detect_ts,
  'receipt' AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    r.virustotal = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.virustotal = 0, 'partial',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  '' AS attacker_country,
  toUInt32(0) AS attacker_asn,
  accurateCastOrDefault(r.virustotal, 'UInt64') AS virustotal, r.virustotal_md5_hash AS virustotal_md5_hash,
  r.virustotal_timestamp AS virustotal_timestamp, r.virustotal_permalink AS virustotal_permalink
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        virustotal Int64, virustotal_md5_hash String, virustotal_timestamp Int64, virustotal_permalink String
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r
  FROM {{landing dionaea}}
)

-- into dionaea_virustotalscans
SELECT
  {{record_values}},
  collect_ts AS detect_ts,
  'receipt' AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    r.virustotalscan = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.virustotalscan = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  '' AS attacker_country,
  toUInt32(0) AS attacker_asn,
  accurateCastOrDefault(r.virustotalscan, 'UInt64') AS virustotalscan,
  accurateCastOrDefault(r.virustotal, 'UInt64') AS virustotal,
  r.virustotalscan_scanner AS virustotalscan_scanner, r.virustotalscan_result AS virustotalscan_result,
  p.virustotal_md5_hash AS virustotal_md5_hash, p.virustotal_timestamp AS virustotal_timestamp,
  p.virustotal_permalink AS virustotal_permalink
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        virustotalscan Int64, virustotal Int64, virustotalscan_scanner String, virustotalscan_result String
      ),
      parent Tuple(
        virustotal Int64, virustotal_md5_hash String, virustotal_timestamp Int64, virustotal_permalink String
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_mysql_commands
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.mysql_command = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.mysql_command = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.mysql_command, 'UInt64') AS mysql_command,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, r.mysql_command_cmd AS mysql_command_cmd,
  {{use connection_columns p}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        mysql_command Int64, connection Int64, mysql_command_cmd Int64
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_mysql_command_args
WITH {{use sensible g}}
SELECT
  {{record_values}},
  {{use detected g}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.mysql_command_arg = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.mysql_command_arg = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(g.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.mysql_command_arg, 'UInt64') AS mysql_command_arg,
  accurateCastOrDefault(r.mysql_command, 'UInt64') AS mysql_command,
  r.mysql_command_arg_index AS mysql_command_arg_index, p.mysql_command_cmd AS mysql_command_cmd,
  accurateCastOrDefault(p.connection, 'UInt64') AS connection, {{use connection_columns g}},
  {{use bytes r mysql_command_arg_data}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        mysql_command_arg Int64, mysql_command Int64, mysql_command_arg_index Int64,
        mysql_command_arg_data String
      ),
      parent Tuple(
        mysql_command Int64, mysql_command_cmd Int64, connection Int64
      ),
      grandparent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing dionaea}}
)

-- into dionaea_mysql_command_ops
SELECT
  {{record_values}},
  collect_ts AS detect_ts,
  'receipt' AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    r.mysql_command_op = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.mysql_command_op = 0, 'partial',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  '' AS attacker_country,
  toUInt32(0) AS attacker_asn,
  accurateCastOrDefault(r.mysql_command_op, 'UInt64') AS mysql_command_op,
  r.mysql_command_cmd AS mysql_command_cmd, r.mysql_command_op_name AS mysql_command_op_name
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        mysql_command_op Int64, mysql_command_cmd Int64, mysql_command_op_name String
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r
  FROM {{landing dionaea}}
)

-- into dionaea_sip_commands
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.sip_command = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.sip_command = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.sip_command, 'UInt64') AS sip_command,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, r.sip_command_allow AS sip_command_allow,
  {{use connection_columns p}},
  {{use bytes r sip_command_method}},
  {{use bytes r sip_command_call_id}},
  {{use bytes r sip_command_user_agent}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        sip_command Int64, connection Int64, sip_command_method String, sip_command_call_id String,
        sip_command_user_agent String, sip_command_allow Int64
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_sip_addrs
WITH {{use sensible g}}
SELECT
  {{record_values}},
  {{use detected g}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.sip_addr = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.sip_addr = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(g.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.sip_addr, 'UInt64') AS sip_addr,
  accurateCastOrDefault(r.sip_command, 'UInt64') AS sip_command, r.sip_addr_type AS sip_addr_type,
  p.sip_command_allow AS sip_command_allow, accurateCastOrDefault(p.connection, 'UInt64') AS connection,
  {{use connection_columns g}},
  {{use bytes r sip_addr_display_name}},
  {{use bytes r sip_addr_uri_scheme}},
  {{use bytes r sip_addr_uri_user}},
  {{use bytes r sip_addr_uri_password}},
  {{use bytes r sip_addr_uri_host}},
  {{use bytes r sip_addr_uri_port}},
  {{use bytes p sip_command_method}},
  {{use bytes p sip_command_call_id}},
  {{use bytes p sip_command_user_agent}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        sip_addr Int64, sip_command Int64, sip_addr_type String, sip_addr_display_name String,
        sip_addr_uri_scheme String, sip_addr_uri_user String, sip_addr_uri_password String,
        sip_addr_uri_host String, sip_addr_uri_port String
      ),
      parent Tuple(
        sip_command Int64, sip_command_method String, sip_command_call_id String, sip_command_user_agent String,
        sip_command_allow Int64, connection Int64
      ),
      grandparent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing dionaea}}
)

-- into dionaea_sip_vias
WITH {{use sensible g}}
SELECT
  {{record_values}},
  {{use detected g}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.sip_via = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.sip_via = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(g.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.sip_via, 'UInt64') AS sip_via,
  accurateCastOrDefault(r.sip_command, 'UInt64') AS sip_command, p.sip_command_allow AS sip_command_allow,
  accurateCastOrDefault(p.connection, 'UInt64') AS connection, {{use connection_columns g}},
  {{use bytes r sip_via_protocol}},
  {{use bytes r sip_via_address}},
  {{use bytes r sip_via_port}},
  {{use bytes p sip_command_method}},
  {{use bytes p sip_command_call_id}},
  {{use bytes p sip_command_user_agent}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        sip_via Int64, sip_command Int64, sip_via_protocol String, sip_via_address String, sip_via_port String
      ),
      parent Tuple(
        sip_command Int64, sip_command_method String, sip_command_call_id String, sip_command_user_agent String,
        sip_command_allow Int64, connection Int64
      ),
      grandparent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing dionaea}}
)

-- into dionaea_sip_sdp_origins
WITH {{use sensible g}}
SELECT
  {{record_values}},
  {{use detected g}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.sip_sdp_origin = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.sip_sdp_origin = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(g.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.sip_sdp_origin, 'UInt64') AS sip_sdp_origin,
  accurateCastOrDefault(r.sip_command, 'UInt64') AS sip_command, p.sip_command_allow AS sip_command_allow,
  accurateCastOrDefault(p.connection, 'UInt64') AS connection, {{use connection_columns g}},
  {{use bytes r sip_sdp_origin_username}},
  {{use bytes r sip_sdp_origin_sess_id}},
  {{use bytes r sip_sdp_origin_sess_version}},
  {{use bytes r sip_sdp_origin_nettype}},
  {{use bytes r sip_sdp_origin_addrtype}},
  {{use bytes r sip_sdp_origin_unicast_address}},
  {{use bytes p sip_command_method}},
  {{use bytes p sip_command_call_id}},
  {{use bytes p sip_command_user_agent}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        sip_sdp_origin Int64, sip_command Int64, sip_sdp_origin_username String, sip_sdp_origin_sess_id String,
        sip_sdp_origin_sess_version String, sip_sdp_origin_nettype String, sip_sdp_origin_addrtype String,
        sip_sdp_origin_unicast_address String
      ),
      parent Tuple(
        sip_command Int64, sip_command_method String, sip_command_call_id String, sip_command_user_agent String,
        sip_command_allow Int64, connection Int64
      ),
      grandparent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing dionaea}}
)

-- into dionaea_sip_sdp_connectiondatas
WITH {{use sensible g}}
SELECT
  {{record_values}},
  {{use detected g}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.sip_sdp_connectiondata = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.sip_sdp_connectiondata = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(g.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.sip_sdp_connectiondata, 'UInt64') AS sip_sdp_connectiondata,
  accurateCastOrDefault(r.sip_command, 'UInt64') AS sip_command, p.sip_command_allow AS sip_command_allow,
  accurateCastOrDefault(p.connection, 'UInt64') AS connection, {{use connection_columns g}},
  {{use bytes r sip_sdp_connectiondata_nettype}},
  {{use bytes r sip_sdp_connectiondata_addrtype}},
  {{use bytes r sip_sdp_connectiondata_connection_address}},
  {{use bytes r sip_sdp_connectiondata_ttl}},
  {{use bytes r sip_sdp_connectiondata_number_of_addresses}},
  {{use bytes p sip_command_method}},
  {{use bytes p sip_command_call_id}},
  {{use bytes p sip_command_user_agent}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        sip_sdp_connectiondata Int64, sip_command Int64, sip_sdp_connectiondata_nettype String,
        sip_sdp_connectiondata_addrtype String, sip_sdp_connectiondata_connection_address String,
        sip_sdp_connectiondata_ttl String, sip_sdp_connectiondata_number_of_addresses String
      ),
      parent Tuple(
        sip_command Int64, sip_command_method String, sip_command_call_id String, sip_command_user_agent String,
        sip_command_allow Int64, connection Int64
      ),
      grandparent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing dionaea}}
)

-- into dionaea_sip_sdp_medias
WITH {{use sensible g}}
SELECT
  {{record_values}},
  {{use detected g}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.sip_sdp_media = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.sip_sdp_media = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(g.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.sip_sdp_media, 'UInt64') AS sip_sdp_media,
  accurateCastOrDefault(r.sip_command, 'UInt64') AS sip_command, p.sip_command_allow AS sip_command_allow,
  accurateCastOrDefault(p.connection, 'UInt64') AS connection, {{use connection_columns g}},
  {{use bytes r sip_sdp_media_media}},
  {{use bytes r sip_sdp_media_port}},
  {{use bytes r sip_sdp_media_number_of_ports}},
  {{use bytes r sip_sdp_media_proto}},
  {{use bytes p sip_command_method}},
  {{use bytes p sip_command_call_id}},
  {{use bytes p sip_command_user_agent}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        sip_sdp_media Int64, sip_command Int64, sip_sdp_media_media String, sip_sdp_media_port String,
        sip_sdp_media_number_of_ports String, sip_sdp_media_proto String
      ),
      parent Tuple(
        sip_command Int64, sip_command_method String, sip_command_call_id String, sip_command_user_agent String,
        sip_command_allow Int64, connection Int64
      ),
      grandparent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing dionaea}}
)

-- into dionaea_mqtt_fingerprints
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.mqtt_fingerprint = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.mqtt_fingerprint = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.mqtt_fingerprint, 'UInt64') AS mqtt_fingerprint,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, {{use connection_columns p}},
  {{use bytes r mqtt_fingerprint_clientid}},
  {{use bytes r mqtt_fingerprint_willtopic}},
  {{use bytes r mqtt_fingerprint_willmessage}},
  {{use bytes r mqtt_fingerprint_username}},
  {{use bytes r mqtt_fingerprint_password}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        mqtt_fingerprint Int64, connection Int64, mqtt_fingerprint_clientid String,
        mqtt_fingerprint_willtopic String, mqtt_fingerprint_willmessage String,
        mqtt_fingerprint_username String, mqtt_fingerprint_password String
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_mqtt_publish_commands
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.mqtt_publish_command = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.mqtt_publish_command = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.mqtt_publish_command, 'UInt64') AS mqtt_publish_command,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, {{use connection_columns p}},
  {{use bytes r mqtt_publish_command_topic}},
  {{use bytes r mqtt_publish_command_message}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        mqtt_publish_command Int64, connection Int64, mqtt_publish_command_topic String,
        mqtt_publish_command_message String
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_mqtt_subscribe_commands
WITH {{use sensible p}}
SELECT
  {{record_values}},
  {{use detected p}},
  multiIf(
    bitTest(flags, 0), 'partial',
    r.mqtt_subscribe_command = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    r.mqtt_subscribe_command = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(p.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(r.mqtt_subscribe_command, 'UInt64') AS mqtt_subscribe_command,
  accurateCastOrDefault(r.connection, 'UInt64') AS connection,
  r.mqtt_subscribe_command_messageid AS mqtt_subscribe_command_messageid, {{use connection_columns p}},
  {{use bytes r mqtt_subscribe_command_topic}}
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        mqtt_subscribe_command Int64, connection Int64, mqtt_subscribe_command_messageid String,
        mqtt_subscribe_command_topic String
      ),
      parent Tuple(
        {{use connection_fields}}
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_bistreams
{{artifact_select dionaea}}

-- into dionaea_binaries
{{artifact_select dionaea}}

-- into dionaea_json
-- One line for each connection, written at its end; its time is that of its begin, in UTC (datetime.utcnow). With
-- `flat_data` lists of objects come as an object of lists, and the arguments of a command as one text.
WITH
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.src_ip = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.connection.protocol = '', 'partial',
    attacker_ip = toIPv6('::') AND j.connection.type != 'listen', 'partial',
    j.connection.type NOT IN ('accept', 'connect', 'listen', 'reject'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.connection.protocol AS connection_protocol, j.connection.transport AS connection_transport,
  j.connection.type AS connection_type, j.dst_ip AS dst_ip,
  accurateCastOrDefault(j.dst_port, 'UInt16') AS dst_port, j.src_hostname AS src_hostname, j.src_ip AS src_ip,
  accurateCastOrDefault(j.src_port, 'UInt16') AS src_port,
  CAST(
    if(
      notEmpty(flat.credentials.username),
      arrayZip(
        flat.credentials.username,
        arrayResize(flat.credentials.password, length(flat.credentials.username))
      ),
      j.credentials
    ),
    'Array(Tuple(username String, password String))'
  ) AS credentials,
  CAST(
    if(
      notEmpty(flat.ftp.commands.command),
      arrayZip(
        flat.ftp.commands.command,
        arrayResize(flat.ftp.commands.arguments, length(flat.ftp.commands.command))
      ),
      arrayMap(one -> (one.command, arrayStringConcat(one.arguments, ' ')), j.ftp.commands)
    ),
    'Array(Tuple(command String, arguments String))'
  ) AS ftp_commands,
  j.p0f AS p0f
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text,
    JSONExtract(
      text,
      'Tuple(
        connection Tuple(protocol String, transport String, type String), dst_ip String, dst_port Int64,
        src_hostname String, src_ip String, src_port Int64, timestamp String,
        credentials Array(Tuple(username String, password String)),
        ftp Tuple(commands Array(Tuple(command String, arguments Array(String)))), p0f Map(String, String)
      )'
    ) AS j,
    JSONExtract(
      text,
      'Tuple(
        credentials Tuple(username Array(String), password Array(String)),
        ftp Tuple(commands Tuple(command Array(String), arguments Array(String)))
      )'
    ) AS flat
  FROM {{landing dionaea}}
)

-- into dionaea_incident
-- A line for each of Dionaea's own incidents, by log_incident.py; its time is UTC (datetime.utcnow). A connection is a
-- hash. `command` is a word of FTP or a number of MySQL, `cmd` a statement of MSSQL.
WITH
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible,
  multiIf(
    origin = 'dionaea.service.shell.listen', concat('bindshell://', toString(e.port)),
    origin = 'dionaea.service.shell.connect', concat('connectbackshell://', e.host, ':', toString(e.port)),
    e.url
  ) AS url_
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    origin = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR origin = '', 'partial',
    origin NOT IN (
      'dionaea.connection.dtls.accept', 'dionaea.connection.dtls.connect', 'dionaea.connection.free',
      'dionaea.connection.link', 'dionaea.connection.tcp.accept', 'dionaea.connection.tcp.connect',
      'dionaea.connection.tcp.listen', 'dionaea.connection.tcp.pending', 'dionaea.connection.tcp.reject',
      'dionaea.connection.tls.accept', 'dionaea.connection.tls.connect', 'dionaea.connection.tls.listen',
      'dionaea.connection.tls.reject', 'dionaea.connection.tls.pending', 'dionaea.connection.udp.connect',
      'dionaea.download.complete', 'dionaea.download.complete.again', 'dionaea.download.complete.hash',
      'dionaea.download.complete.unique', 'dionaea.download.offer', 'dionaea.module.emu.mkshell',
      'dionaea.module.emu.profile', 'dionaea.module.nl.addr.del', 'dionaea.module.nl.addr.hup',
      'dionaea.module.nl.addr.new', 'dionaea.module.nl.connection.info.mac', 'dionaea.module.python.smb.info',
      'dionaea.modules.python.ftp.command', 'dionaea.modules.python.ftp.login',
      'dionaea.modules.python.mqtt.connect', 'dionaea.modules.python.mqtt.publish',
      'dionaea.modules.python.mqtt.subscribe', 'dionaea.modules.python.mssql.cmd',
      'dionaea.modules.python.mssql.login', 'dionaea.modules.python.mysql.command',
      'dionaea.modules.python.mysql.login', 'dionaea.modules.python.p0f', 'dionaea.modules.python.pptp.connect',
      'dionaea.modules.python.printer.print', 'dionaea.modules.python.sip.command',
      'dionaea.modules.python.smb.dcerpc.bind', 'dionaea.modules.python.smb.dcerpc.request',
      'dionaea.modules.python.virustotal.report', 'dionaea.service.shell.connect', 'dionaea.service.shell.listen',
      'dionaea.shellcode.detected', 'dionaea.upload.request', 'dionaea.xmatch.detected'
    ), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(e.connection.remote_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.origin AS origin, e.connection.id AS connection_id, e.connection.protocol AS connection_protocol,
  e.connection.transport AS connection_transport, e.connection.local_ip AS local_ip,
  accurateCastOrDefault(e.connection.local_port, 'UInt16') AS local_port, e.connection.remote_ip AS remote_ip,
  accurateCastOrDefault(e.connection.remote_port, 'UInt16') AS remote_port,
  e.connection.remote_hostname AS remote_hostname, e.username AS username, e.password AS password,
  concat(e.command, e.cmd) AS command, arrayConcat(e.arguments, e.args) AS args, e.uuid AS uuid, e.opnum AS opnum,
  url_ AS url, e.md5hash AS md5hash, e.method AS method, e.call_id AS call_id, e.user_agent AS user_agent,
  e.clientid AS clientid, concat(e.publishtopic, e.subscribetopic) AS topic, e.publishmessage AS message
FROM (
  WITH
    {{json_text}},
    JSONExtract(
      text,
      'Tuple(
        timestamp String, origin String,
        data Tuple(
          connection Tuple(
            id String, protocol String, transport String, local_ip String, local_port Int64, remote_ip String,
            remote_port Int64, remote_hostname String
          ),
          username String, password String, command String, cmd String, arguments Array(String), args Array(String),
          uuid String, opnum Int64, url String, host String, port Int64, md5hash String, method String,
          call_id String, user_agent String, clientid String, publishtopic String, publishmessage String,
          subscribetopic String
        )
      )'
    ) AS j
  SELECT *, wounded, spelled, text, j, untuple(j.data) AS e
  FROM {{landing dionaea}}
)
