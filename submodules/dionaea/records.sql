-- Landing table -> record tables: one for each table of Dionaea's database. A row comes as
-- {"row": {…}, "parent": {…}, "grandparent": {…}}; rows of a connection carry it as their parent, rows of a SIP or
-- MySQL command carry the command as their parent and its connection as their grandparent.
--
-- `$hex`      bytes that are no UTF-8, and BLOBs, come as {"$hex": "…"} and are stored as the bytes they are. Written in
--             a string by an attacker the quotes would be escaped, so that raw tells the two apart.
-- `sensible`  a connection's time that is after 2000 and not a day ahead of the server's. A row without a time of
--             its own has its connection's, so it is never late, but may be early by the connection's length.

-- into dionaea_connections
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(connection Int64, connection_type String, connection_transport String,
      connection_protocol String, connection_timestamp Float64, connection_root Int64, connection_parent Int64,
      local_host String, local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.row.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.connection = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.connection = 0 OR NOT sensible, 'partial',
    j.row.connection_type NOT IN ('accept', 'connect', 'listen', 'reject', 'pending'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.row.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.row.connection_type AS connection_type,
  j.row.connection_transport AS connection_transport, j.row.connection_protocol AS connection_protocol,
  j.row.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.row.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.row.connection_parent, 'UInt64') AS connection_parent, j.row.local_host AS local_host,
  accurateCastOrDefault(j.row.local_port, 'UInt16') AS local_port, j.row.remote_host AS remote_host,
  j.row.remote_hostname AS remote_hostname, accurateCastOrDefault(j.row.remote_port, 'UInt16') AS remote_port
FROM {{landing dionaea}}
WHERE stream = 'connections'

-- into dionaea_dcerpcbinds
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(dcerpcbind Int64, connection Int64, dcerpcbind_uuid String, dcerpcbind_transfersyntax String),
      parent Tuple(connection Int64, connection_type String, connection_transport String,
      connection_protocol String, connection_timestamp Float64, connection_root Int64, connection_parent Int64,
      local_host String, local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.dcerpcbind = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.dcerpcbind = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.dcerpcbind, 'UInt64') AS dcerpcbind,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.row.dcerpcbind_uuid AS dcerpcbind_uuid,
  j.row.dcerpcbind_transfersyntax AS dcerpcbind_transfersyntax, j.parent.connection_type AS connection_type,
  j.parent.connection_transport AS connection_transport, j.parent.connection_protocol AS connection_protocol,
  j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port
FROM {{landing dionaea}}
WHERE stream = 'dcerpcbinds'

-- into dionaea_dcerpcrequests
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(dcerpcrequest Int64, connection Int64, dcerpcrequest_uuid String, dcerpcrequest_opnum Int64),
      parent Tuple(connection Int64, connection_type String, connection_transport String,
      connection_protocol String, connection_timestamp Float64, connection_root Int64, connection_parent Int64,
      local_host String, local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.dcerpcrequest = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.dcerpcrequest = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.dcerpcrequest, 'UInt64') AS dcerpcrequest,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection,
  j.row.dcerpcrequest_uuid AS dcerpcrequest_uuid, j.row.dcerpcrequest_opnum AS dcerpcrequest_opnum,
  j.parent.connection_type AS connection_type, j.parent.connection_transport AS connection_transport,
  j.parent.connection_protocol AS connection_protocol, j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port
FROM {{landing dionaea}}
WHERE stream = 'dcerpcrequests'

-- into dionaea_dcerpcservices
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(dcerpcservice Int64, dcerpcservice_uuid String, dcerpcservice_name String)
    )'
  ) AS j
SELECT
  {{record_values}},
  collect_ts AS detect_ts,
  'receipt' AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.dcerpcservice = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.dcerpcservice = 0, 'partial',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  '' AS attacker_country,
  toUInt32(0) AS attacker_asn,
  accurateCastOrDefault(j.row.dcerpcservice, 'UInt64') AS dcerpcservice,
  j.row.dcerpcservice_uuid AS dcerpcservice_uuid, j.row.dcerpcservice_name AS dcerpcservice_name
FROM {{landing dionaea}}
WHERE stream = 'dcerpcservices'

-- into dionaea_dcerpcserviceops
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(dcerpcserviceop Int64, dcerpcservice Int64, dcerpcserviceop_opnum Int64,
      dcerpcserviceop_name String, dcerpcserviceop_vuln String), parent Tuple(dcerpcservice Int64,
      dcerpcservice_uuid String, dcerpcservice_name String)
    )'
  ) AS j
SELECT
  {{record_values}},
  collect_ts AS detect_ts,
  'receipt' AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.dcerpcserviceop = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.dcerpcserviceop = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  '' AS attacker_country,
  toUInt32(0) AS attacker_asn,
  accurateCastOrDefault(j.row.dcerpcserviceop, 'UInt64') AS dcerpcserviceop,
  accurateCastOrDefault(j.row.dcerpcservice, 'UInt64') AS dcerpcservice,
  j.row.dcerpcserviceop_opnum AS dcerpcserviceop_opnum, j.row.dcerpcserviceop_name AS dcerpcserviceop_name,
  j.row.dcerpcserviceop_vuln AS dcerpcserviceop_vuln, j.parent.dcerpcservice_uuid AS dcerpcservice_uuid,
  j.parent.dcerpcservice_name AS dcerpcservice_name
FROM {{landing dionaea}}
WHERE stream = 'dcerpcserviceops'

-- into dionaea_emu_profiles
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(emu_profile Int64, connection Int64, emu_profile_json String), parent Tuple(connection Int64,
      connection_type String, connection_transport String, connection_protocol String,
      connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
      local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.emu_profile = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.emu_profile = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.emu_profile, 'UInt64') AS emu_profile,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.parent.connection_type AS connection_type,
  j.parent.connection_transport AS connection_transport, j.parent.connection_protocol AS connection_protocol,
  j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"emu_profile_json":{"$hex":"') > 0, unhex(JSONExtractString(j.row.emu_profile_json, '$hex')), j.row.emu_profile_json) AS emu_profile_json
FROM {{landing dionaea}}
WHERE stream = 'emu_profiles'

-- into dionaea_emu_services
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(emu_serivce Int64, connection Int64, emu_service_url String), parent Tuple(connection Int64,
      connection_type String, connection_transport String, connection_protocol String,
      connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
      local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.emu_serivce = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.emu_serivce = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.emu_serivce, 'UInt64') AS emu_serivce,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.parent.connection_type AS connection_type,
  j.parent.connection_transport AS connection_transport, j.parent.connection_protocol AS connection_protocol,
  j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"emu_service_url":{"$hex":"') > 0, unhex(JSONExtractString(j.row.emu_service_url, '$hex')), j.row.emu_service_url) AS emu_service_url
FROM {{landing dionaea}}
WHERE stream = 'emu_services'

-- into dionaea_emu_services_old
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(emu_serivce Int64, connection Int64, emu_service_url String), parent Tuple(connection Int64,
      connection_type String, connection_transport String, connection_protocol String,
      connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
      local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.emu_serivce = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.emu_serivce = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.emu_serivce, 'UInt64') AS emu_serivce,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.parent.connection_type AS connection_type,
  j.parent.connection_transport AS connection_transport, j.parent.connection_protocol AS connection_protocol,
  j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"emu_service_url":{"$hex":"') > 0, unhex(JSONExtractString(j.row.emu_service_url, '$hex')), j.row.emu_service_url) AS emu_service_url
FROM {{landing dionaea}}
WHERE stream = 'emu_services_old'

-- into dionaea_offers
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(offer Int64, connection Int64, offer_url String), parent Tuple(connection Int64,
      connection_type String, connection_transport String, connection_protocol String,
      connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
      local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.offer = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.offer = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.offer, 'UInt64') AS offer,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.parent.connection_type AS connection_type,
  j.parent.connection_transport AS connection_transport, j.parent.connection_protocol AS connection_protocol,
  j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"offer_url":{"$hex":"') > 0, unhex(JSONExtractString(j.row.offer_url, '$hex')), j.row.offer_url) AS offer_url
FROM {{landing dionaea}}
WHERE stream = 'offers'

-- into dionaea_downloads
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(download Int64, connection Int64, download_url String, download_md5_hash String),
      parent Tuple(connection Int64, connection_type String, connection_transport String,
      connection_protocol String, connection_timestamp Float64, connection_root Int64, connection_parent Int64,
      local_host String, local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.download = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.download = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.download, 'UInt64') AS download,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.row.download_md5_hash AS download_md5_hash,
  j.parent.connection_type AS connection_type, j.parent.connection_transport AS connection_transport,
  j.parent.connection_protocol AS connection_protocol, j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"download_url":{"$hex":"') > 0, unhex(JSONExtractString(j.row.download_url, '$hex')), j.row.download_url) AS download_url
FROM {{landing dionaea}}
WHERE stream = 'downloads'

-- into dionaea_resolves
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(resolve Int64, connection Int64, resolve_hostname String, resolve_type String,
      resolve_result String), parent Tuple(connection Int64, connection_type String,
      connection_transport String, connection_protocol String, connection_timestamp Float64,
      connection_root Int64, connection_parent Int64, local_host String, local_port Int64, remote_host String,
      remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.resolve = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.resolve = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.resolve, 'UInt64') AS resolve,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.row.resolve_type AS resolve_type,
  j.row.resolve_result AS resolve_result, j.parent.connection_type AS connection_type,
  j.parent.connection_transport AS connection_transport, j.parent.connection_protocol AS connection_protocol,
  j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"resolve_hostname":{"$hex":"') > 0, unhex(JSONExtractString(j.row.resolve_hostname, '$hex')), j.row.resolve_hostname) AS resolve_hostname
FROM {{landing dionaea}}
WHERE stream = 'resolves'

-- into dionaea_p0fs
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(p0f Int64, connection Int64, p0f_genre String, p0f_link String, p0f_detail String,
      p0f_uptime Int64, p0f_tos String, p0f_dist Int64, p0f_nat Int64, p0f_fw Int64),
      parent Tuple(connection Int64, connection_type String, connection_transport String,
      connection_protocol String, connection_timestamp Float64, connection_root Int64, connection_parent Int64,
      local_host String, local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.p0f = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.p0f = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.p0f, 'UInt64') AS p0f,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.row.p0f_genre AS p0f_genre,
  j.row.p0f_link AS p0f_link, j.row.p0f_detail AS p0f_detail, j.row.p0f_uptime AS p0f_uptime,
  j.row.p0f_tos AS p0f_tos, j.row.p0f_dist AS p0f_dist, j.row.p0f_nat AS p0f_nat, j.row.p0f_fw AS p0f_fw,
  j.parent.connection_type AS connection_type, j.parent.connection_transport AS connection_transport,
  j.parent.connection_protocol AS connection_protocol, j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port
FROM {{landing dionaea}}
WHERE stream = 'p0fs'

-- into dionaea_logins
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(login Int64, connection Int64, login_username String, login_password String),
      parent Tuple(connection Int64, connection_type String, connection_transport String,
      connection_protocol String, connection_timestamp Float64, connection_root Int64, connection_parent Int64,
      local_host String, local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.login = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.login = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.login, 'UInt64') AS login,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.parent.connection_type AS connection_type,
  j.parent.connection_transport AS connection_transport, j.parent.connection_protocol AS connection_protocol,
  j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"login_username":{"$hex":"') > 0, unhex(JSONExtractString(j.row.login_username, '$hex')), j.row.login_username) AS login_username,
  if(position(raw, '"login_password":{"$hex":"') > 0, unhex(JSONExtractString(j.row.login_password, '$hex')), j.row.login_password) AS login_password
FROM {{landing dionaea}}
WHERE stream = 'logins'

-- into dionaea_mssql_fingerprints
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(mssql_fingerprint Int64, connection Int64, mssql_fingerprint_hostname String,
      mssql_fingerprint_appname String, mssql_fingerprint_cltintname String), parent Tuple(connection Int64,
      connection_type String, connection_transport String, connection_protocol String,
      connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
      local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.mssql_fingerprint = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.mssql_fingerprint = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.mssql_fingerprint, 'UInt64') AS mssql_fingerprint,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.parent.connection_type AS connection_type,
  j.parent.connection_transport AS connection_transport, j.parent.connection_protocol AS connection_protocol,
  j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"mssql_fingerprint_hostname":{"$hex":"') > 0, unhex(JSONExtractString(j.row.mssql_fingerprint_hostname, '$hex')), j.row.mssql_fingerprint_hostname) AS mssql_fingerprint_hostname,
  if(position(raw, '"mssql_fingerprint_appname":{"$hex":"') > 0, unhex(JSONExtractString(j.row.mssql_fingerprint_appname, '$hex')), j.row.mssql_fingerprint_appname) AS mssql_fingerprint_appname,
  if(position(raw, '"mssql_fingerprint_cltintname":{"$hex":"') > 0, unhex(JSONExtractString(j.row.mssql_fingerprint_cltintname, '$hex')), j.row.mssql_fingerprint_cltintname) AS mssql_fingerprint_cltintname
FROM {{landing dionaea}}
WHERE stream = 'mssql_fingerprints'

-- into dionaea_mssql_commands
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(mssql_command Int64, connection Int64, mssql_command_status String, mssql_command_cmd String),
      parent Tuple(connection Int64, connection_type String, connection_transport String,
      connection_protocol String, connection_timestamp Float64, connection_root Int64, connection_parent Int64,
      local_host String, local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.mssql_command = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.mssql_command = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.mssql_command, 'UInt64') AS mssql_command,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection,
  j.row.mssql_command_status AS mssql_command_status, j.parent.connection_type AS connection_type,
  j.parent.connection_transport AS connection_transport, j.parent.connection_protocol AS connection_protocol,
  j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"mssql_command_cmd":{"$hex":"') > 0, unhex(JSONExtractString(j.row.mssql_command_cmd, '$hex')), j.row.mssql_command_cmd) AS mssql_command_cmd
FROM {{landing dionaea}}
WHERE stream = 'mssql_commands'

-- into dionaea_virustotals
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(virustotal Int64, virustotal_md5_hash String, virustotal_timestamp Int64,
      virustotal_permalink String)
    )'
  ) AS j
SELECT
  {{record_values}},
  collect_ts AS detect_ts,
  'receipt' AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.virustotal = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.virustotal = 0, 'partial',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  '' AS attacker_country,
  toUInt32(0) AS attacker_asn,
  accurateCastOrDefault(j.row.virustotal, 'UInt64') AS virustotal,
  j.row.virustotal_md5_hash AS virustotal_md5_hash, j.row.virustotal_timestamp AS virustotal_timestamp,
  j.row.virustotal_permalink AS virustotal_permalink
FROM {{landing dionaea}}
WHERE stream = 'virustotals'

-- into dionaea_virustotalscans
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(virustotalscan Int64, virustotal Int64, virustotalscan_scanner String,
      virustotalscan_result String), parent Tuple(virustotal Int64, virustotal_md5_hash String,
      virustotal_timestamp Int64, virustotal_permalink String)
    )'
  ) AS j
SELECT
  {{record_values}},
  collect_ts AS detect_ts,
  'receipt' AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.virustotalscan = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.virustotalscan = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  '' AS attacker_country,
  toUInt32(0) AS attacker_asn,
  accurateCastOrDefault(j.row.virustotalscan, 'UInt64') AS virustotalscan,
  accurateCastOrDefault(j.row.virustotal, 'UInt64') AS virustotal,
  j.row.virustotalscan_scanner AS virustotalscan_scanner, j.row.virustotalscan_result AS virustotalscan_result,
  j.parent.virustotal_md5_hash AS virustotal_md5_hash, j.parent.virustotal_timestamp AS virustotal_timestamp,
  j.parent.virustotal_permalink AS virustotal_permalink
FROM {{landing dionaea}}
WHERE stream = 'virustotalscans'

-- into dionaea_mysql_commands
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(mysql_command Int64, connection Int64, mysql_command_cmd Int64), parent Tuple(connection Int64,
      connection_type String, connection_transport String, connection_protocol String,
      connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
      local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.mysql_command = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.mysql_command = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.mysql_command, 'UInt64') AS mysql_command,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.row.mysql_command_cmd AS mysql_command_cmd,
  j.parent.connection_type AS connection_type, j.parent.connection_transport AS connection_transport,
  j.parent.connection_protocol AS connection_protocol, j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port
FROM {{landing dionaea}}
WHERE stream = 'mysql_commands'

-- into dionaea_mysql_command_args
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(mysql_command_arg Int64, mysql_command Int64, mysql_command_arg_index Int64,
      mysql_command_arg_data String), parent Tuple(mysql_command Int64, mysql_command_cmd Int64,
      connection Int64), grandparent Tuple(connection Int64, connection_type String,
      connection_transport String, connection_protocol String, connection_timestamp Float64,
      connection_root Int64, connection_parent Int64, local_host String, local_port Int64, remote_host String,
      remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.grandparent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.mysql_command_arg = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.mysql_command_arg = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.grandparent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.mysql_command_arg, 'UInt64') AS mysql_command_arg,
  accurateCastOrDefault(j.row.mysql_command, 'UInt64') AS mysql_command,
  j.row.mysql_command_arg_index AS mysql_command_arg_index, j.parent.mysql_command_cmd AS mysql_command_cmd,
  accurateCastOrDefault(j.parent.connection, 'UInt64') AS connection,
  j.grandparent.connection_type AS connection_type, j.grandparent.connection_transport AS connection_transport,
  j.grandparent.connection_protocol AS connection_protocol,
  j.grandparent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.grandparent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.grandparent.connection_parent, 'UInt64') AS connection_parent,
  j.grandparent.local_host AS local_host,
  accurateCastOrDefault(j.grandparent.local_port, 'UInt16') AS local_port,
  j.grandparent.remote_host AS remote_host, j.grandparent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.grandparent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"mysql_command_arg_data":{"$hex":"') > 0, unhex(JSONExtractString(j.row.mysql_command_arg_data, '$hex')), j.row.mysql_command_arg_data) AS mysql_command_arg_data
FROM {{landing dionaea}}
WHERE stream = 'mysql_command_args'

-- into dionaea_mysql_command_ops
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(mysql_command_op Int64, mysql_command_cmd Int64, mysql_command_op_name String)
    )'
  ) AS j
SELECT
  {{record_values}},
  collect_ts AS detect_ts,
  'receipt' AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.mysql_command_op = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.mysql_command_op = 0, 'partial',
    'ok'
  ) AS parse,
  toIPv6('::') AS attacker_ip,
  '' AS attacker_country,
  toUInt32(0) AS attacker_asn,
  accurateCastOrDefault(j.row.mysql_command_op, 'UInt64') AS mysql_command_op,
  j.row.mysql_command_cmd AS mysql_command_cmd, j.row.mysql_command_op_name AS mysql_command_op_name
FROM {{landing dionaea}}
WHERE stream = 'mysql_command_ops'

-- into dionaea_sip_commands
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(sip_command Int64, connection Int64, sip_command_method String, sip_command_call_id String,
      sip_command_user_agent String, sip_command_allow Int64), parent Tuple(connection Int64,
      connection_type String, connection_transport String, connection_protocol String,
      connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
      local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.sip_command = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.sip_command = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.sip_command, 'UInt64') AS sip_command,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.row.sip_command_allow AS sip_command_allow,
  j.parent.connection_type AS connection_type, j.parent.connection_transport AS connection_transport,
  j.parent.connection_protocol AS connection_protocol, j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"sip_command_method":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_command_method, '$hex')), j.row.sip_command_method) AS sip_command_method,
  if(position(raw, '"sip_command_call_id":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_command_call_id, '$hex')), j.row.sip_command_call_id) AS sip_command_call_id,
  if(position(raw, '"sip_command_user_agent":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_command_user_agent, '$hex')), j.row.sip_command_user_agent) AS sip_command_user_agent
FROM {{landing dionaea}}
WHERE stream = 'sip_commands'

-- into dionaea_sip_addrs
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(sip_addr Int64, sip_command Int64, sip_addr_type String, sip_addr_display_name String,
      sip_addr_uri_scheme String, sip_addr_uri_user String, sip_addr_uri_password String,
      sip_addr_uri_host String, sip_addr_uri_port String), parent Tuple(sip_command Int64,
      sip_command_method String, sip_command_call_id String, sip_command_user_agent String,
      sip_command_allow Int64, connection Int64), grandparent Tuple(connection Int64, connection_type String,
      connection_transport String, connection_protocol String, connection_timestamp Float64,
      connection_root Int64, connection_parent Int64, local_host String, local_port Int64, remote_host String,
      remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.grandparent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.sip_addr = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.sip_addr = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.grandparent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.sip_addr, 'UInt64') AS sip_addr,
  accurateCastOrDefault(j.row.sip_command, 'UInt64') AS sip_command, j.row.sip_addr_type AS sip_addr_type,
  j.parent.sip_command_allow AS sip_command_allow,
  accurateCastOrDefault(j.parent.connection, 'UInt64') AS connection,
  j.grandparent.connection_type AS connection_type, j.grandparent.connection_transport AS connection_transport,
  j.grandparent.connection_protocol AS connection_protocol,
  j.grandparent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.grandparent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.grandparent.connection_parent, 'UInt64') AS connection_parent,
  j.grandparent.local_host AS local_host,
  accurateCastOrDefault(j.grandparent.local_port, 'UInt16') AS local_port,
  j.grandparent.remote_host AS remote_host, j.grandparent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.grandparent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"sip_addr_display_name":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_addr_display_name, '$hex')), j.row.sip_addr_display_name) AS sip_addr_display_name,
  if(position(raw, '"sip_addr_uri_scheme":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_addr_uri_scheme, '$hex')), j.row.sip_addr_uri_scheme) AS sip_addr_uri_scheme,
  if(position(raw, '"sip_addr_uri_user":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_addr_uri_user, '$hex')), j.row.sip_addr_uri_user) AS sip_addr_uri_user,
  if(position(raw, '"sip_addr_uri_password":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_addr_uri_password, '$hex')), j.row.sip_addr_uri_password) AS sip_addr_uri_password,
  if(position(raw, '"sip_addr_uri_host":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_addr_uri_host, '$hex')), j.row.sip_addr_uri_host) AS sip_addr_uri_host,
  if(position(raw, '"sip_addr_uri_port":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_addr_uri_port, '$hex')), j.row.sip_addr_uri_port) AS sip_addr_uri_port,
  if(position(raw, '"sip_command_method":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_method, '$hex')), j.parent.sip_command_method) AS sip_command_method,
  if(position(raw, '"sip_command_call_id":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_call_id, '$hex')), j.parent.sip_command_call_id) AS sip_command_call_id,
  if(position(raw, '"sip_command_user_agent":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_user_agent, '$hex')), j.parent.sip_command_user_agent) AS sip_command_user_agent
FROM {{landing dionaea}}
WHERE stream = 'sip_addrs'

-- into dionaea_sip_vias
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(sip_via Int64, sip_command Int64, sip_via_protocol String, sip_via_address String,
      sip_via_port String), parent Tuple(sip_command Int64, sip_command_method String,
      sip_command_call_id String, sip_command_user_agent String, sip_command_allow Int64, connection Int64),
      grandparent Tuple(connection Int64, connection_type String, connection_transport String,
      connection_protocol String, connection_timestamp Float64, connection_root Int64, connection_parent Int64,
      local_host String, local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.grandparent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.sip_via = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.sip_via = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.grandparent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.sip_via, 'UInt64') AS sip_via,
  accurateCastOrDefault(j.row.sip_command, 'UInt64') AS sip_command,
  j.parent.sip_command_allow AS sip_command_allow,
  accurateCastOrDefault(j.parent.connection, 'UInt64') AS connection,
  j.grandparent.connection_type AS connection_type, j.grandparent.connection_transport AS connection_transport,
  j.grandparent.connection_protocol AS connection_protocol,
  j.grandparent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.grandparent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.grandparent.connection_parent, 'UInt64') AS connection_parent,
  j.grandparent.local_host AS local_host,
  accurateCastOrDefault(j.grandparent.local_port, 'UInt16') AS local_port,
  j.grandparent.remote_host AS remote_host, j.grandparent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.grandparent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"sip_via_protocol":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_via_protocol, '$hex')), j.row.sip_via_protocol) AS sip_via_protocol,
  if(position(raw, '"sip_via_address":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_via_address, '$hex')), j.row.sip_via_address) AS sip_via_address,
  if(position(raw, '"sip_via_port":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_via_port, '$hex')), j.row.sip_via_port) AS sip_via_port,
  if(position(raw, '"sip_command_method":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_method, '$hex')), j.parent.sip_command_method) AS sip_command_method,
  if(position(raw, '"sip_command_call_id":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_call_id, '$hex')), j.parent.sip_command_call_id) AS sip_command_call_id,
  if(position(raw, '"sip_command_user_agent":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_user_agent, '$hex')), j.parent.sip_command_user_agent) AS sip_command_user_agent
FROM {{landing dionaea}}
WHERE stream = 'sip_vias'

-- into dionaea_sip_sdp_origins
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(sip_sdp_origin Int64, sip_command Int64, sip_sdp_origin_username String,
      sip_sdp_origin_sess_id String, sip_sdp_origin_sess_version String, sip_sdp_origin_nettype String,
      sip_sdp_origin_addrtype String, sip_sdp_origin_unicast_address String), parent Tuple(sip_command Int64,
      sip_command_method String, sip_command_call_id String, sip_command_user_agent String,
      sip_command_allow Int64, connection Int64), grandparent Tuple(connection Int64, connection_type String,
      connection_transport String, connection_protocol String, connection_timestamp Float64,
      connection_root Int64, connection_parent Int64, local_host String, local_port Int64, remote_host String,
      remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.grandparent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.sip_sdp_origin = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.sip_sdp_origin = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.grandparent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.sip_sdp_origin, 'UInt64') AS sip_sdp_origin,
  accurateCastOrDefault(j.row.sip_command, 'UInt64') AS sip_command,
  j.parent.sip_command_allow AS sip_command_allow,
  accurateCastOrDefault(j.parent.connection, 'UInt64') AS connection,
  j.grandparent.connection_type AS connection_type, j.grandparent.connection_transport AS connection_transport,
  j.grandparent.connection_protocol AS connection_protocol,
  j.grandparent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.grandparent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.grandparent.connection_parent, 'UInt64') AS connection_parent,
  j.grandparent.local_host AS local_host,
  accurateCastOrDefault(j.grandparent.local_port, 'UInt16') AS local_port,
  j.grandparent.remote_host AS remote_host, j.grandparent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.grandparent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"sip_sdp_origin_username":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_origin_username, '$hex')), j.row.sip_sdp_origin_username) AS sip_sdp_origin_username,
  if(position(raw, '"sip_sdp_origin_sess_id":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_origin_sess_id, '$hex')), j.row.sip_sdp_origin_sess_id) AS sip_sdp_origin_sess_id,
  if(position(raw, '"sip_sdp_origin_sess_version":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_origin_sess_version, '$hex')), j.row.sip_sdp_origin_sess_version) AS sip_sdp_origin_sess_version,
  if(position(raw, '"sip_sdp_origin_nettype":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_origin_nettype, '$hex')), j.row.sip_sdp_origin_nettype) AS sip_sdp_origin_nettype,
  if(position(raw, '"sip_sdp_origin_addrtype":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_origin_addrtype, '$hex')), j.row.sip_sdp_origin_addrtype) AS sip_sdp_origin_addrtype,
  if(position(raw, '"sip_sdp_origin_unicast_address":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_origin_unicast_address, '$hex')), j.row.sip_sdp_origin_unicast_address) AS sip_sdp_origin_unicast_address,
  if(position(raw, '"sip_command_method":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_method, '$hex')), j.parent.sip_command_method) AS sip_command_method,
  if(position(raw, '"sip_command_call_id":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_call_id, '$hex')), j.parent.sip_command_call_id) AS sip_command_call_id,
  if(position(raw, '"sip_command_user_agent":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_user_agent, '$hex')), j.parent.sip_command_user_agent) AS sip_command_user_agent
FROM {{landing dionaea}}
WHERE stream = 'sip_sdp_origins'

-- into dionaea_sip_sdp_connectiondatas
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(sip_sdp_connectiondata Int64, sip_command Int64, sip_sdp_connectiondata_nettype String,
      sip_sdp_connectiondata_addrtype String, sip_sdp_connectiondata_connection_address String,
      sip_sdp_connectiondata_ttl String, sip_sdp_connectiondata_number_of_addresses String),
      parent Tuple(sip_command Int64, sip_command_method String, sip_command_call_id String,
      sip_command_user_agent String, sip_command_allow Int64, connection Int64),
      grandparent Tuple(connection Int64, connection_type String, connection_transport String,
      connection_protocol String, connection_timestamp Float64, connection_root Int64, connection_parent Int64,
      local_host String, local_port Int64, remote_host String, remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.grandparent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.sip_sdp_connectiondata = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.sip_sdp_connectiondata = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.grandparent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.sip_sdp_connectiondata, 'UInt64') AS sip_sdp_connectiondata,
  accurateCastOrDefault(j.row.sip_command, 'UInt64') AS sip_command,
  j.parent.sip_command_allow AS sip_command_allow,
  accurateCastOrDefault(j.parent.connection, 'UInt64') AS connection,
  j.grandparent.connection_type AS connection_type, j.grandparent.connection_transport AS connection_transport,
  j.grandparent.connection_protocol AS connection_protocol,
  j.grandparent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.grandparent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.grandparent.connection_parent, 'UInt64') AS connection_parent,
  j.grandparent.local_host AS local_host,
  accurateCastOrDefault(j.grandparent.local_port, 'UInt16') AS local_port,
  j.grandparent.remote_host AS remote_host, j.grandparent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.grandparent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"sip_sdp_connectiondata_nettype":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_connectiondata_nettype, '$hex')), j.row.sip_sdp_connectiondata_nettype) AS sip_sdp_connectiondata_nettype,
  if(position(raw, '"sip_sdp_connectiondata_addrtype":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_connectiondata_addrtype, '$hex')), j.row.sip_sdp_connectiondata_addrtype) AS sip_sdp_connectiondata_addrtype,
  if(position(raw, '"sip_sdp_connectiondata_connection_address":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_connectiondata_connection_address, '$hex')), j.row.sip_sdp_connectiondata_connection_address) AS sip_sdp_connectiondata_connection_address,
  if(position(raw, '"sip_sdp_connectiondata_ttl":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_connectiondata_ttl, '$hex')), j.row.sip_sdp_connectiondata_ttl) AS sip_sdp_connectiondata_ttl,
  if(position(raw, '"sip_sdp_connectiondata_number_of_addresses":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_connectiondata_number_of_addresses, '$hex')), j.row.sip_sdp_connectiondata_number_of_addresses) AS sip_sdp_connectiondata_number_of_addresses,
  if(position(raw, '"sip_command_method":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_method, '$hex')), j.parent.sip_command_method) AS sip_command_method,
  if(position(raw, '"sip_command_call_id":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_call_id, '$hex')), j.parent.sip_command_call_id) AS sip_command_call_id,
  if(position(raw, '"sip_command_user_agent":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_user_agent, '$hex')), j.parent.sip_command_user_agent) AS sip_command_user_agent
FROM {{landing dionaea}}
WHERE stream = 'sip_sdp_connectiondatas'

-- into dionaea_sip_sdp_medias
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(sip_sdp_media Int64, sip_command Int64, sip_sdp_media_media String, sip_sdp_media_port String,
      sip_sdp_media_number_of_ports String, sip_sdp_media_proto String), parent Tuple(sip_command Int64,
      sip_command_method String, sip_command_call_id String, sip_command_user_agent String,
      sip_command_allow Int64, connection Int64), grandparent Tuple(connection Int64, connection_type String,
      connection_transport String, connection_protocol String, connection_timestamp Float64,
      connection_root Int64, connection_parent Int64, local_host String, local_port Int64, remote_host String,
      remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.grandparent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.sip_sdp_media = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.sip_sdp_media = 0 OR bitTest(flags, 3), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.grandparent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.sip_sdp_media, 'UInt64') AS sip_sdp_media,
  accurateCastOrDefault(j.row.sip_command, 'UInt64') AS sip_command,
  j.parent.sip_command_allow AS sip_command_allow,
  accurateCastOrDefault(j.parent.connection, 'UInt64') AS connection,
  j.grandparent.connection_type AS connection_type, j.grandparent.connection_transport AS connection_transport,
  j.grandparent.connection_protocol AS connection_protocol,
  j.grandparent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.grandparent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.grandparent.connection_parent, 'UInt64') AS connection_parent,
  j.grandparent.local_host AS local_host,
  accurateCastOrDefault(j.grandparent.local_port, 'UInt16') AS local_port,
  j.grandparent.remote_host AS remote_host, j.grandparent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.grandparent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"sip_sdp_media_media":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_media_media, '$hex')), j.row.sip_sdp_media_media) AS sip_sdp_media_media,
  if(position(raw, '"sip_sdp_media_port":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_media_port, '$hex')), j.row.sip_sdp_media_port) AS sip_sdp_media_port,
  if(position(raw, '"sip_sdp_media_number_of_ports":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_media_number_of_ports, '$hex')), j.row.sip_sdp_media_number_of_ports) AS sip_sdp_media_number_of_ports,
  if(position(raw, '"sip_sdp_media_proto":{"$hex":"') > 0, unhex(JSONExtractString(j.row.sip_sdp_media_proto, '$hex')), j.row.sip_sdp_media_proto) AS sip_sdp_media_proto,
  if(position(raw, '"sip_command_method":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_method, '$hex')), j.parent.sip_command_method) AS sip_command_method,
  if(position(raw, '"sip_command_call_id":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_call_id, '$hex')), j.parent.sip_command_call_id) AS sip_command_call_id,
  if(position(raw, '"sip_command_user_agent":{"$hex":"') > 0, unhex(JSONExtractString(j.parent.sip_command_user_agent, '$hex')), j.parent.sip_command_user_agent) AS sip_command_user_agent
FROM {{landing dionaea}}
WHERE stream = 'sip_sdp_medias'

-- into dionaea_mqtt_fingerprints
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(mqtt_fingerprint Int64, connection Int64, mqtt_fingerprint_clientid String,
      mqtt_fingerprint_willtopic String, mqtt_fingerprint_willmessage String, mqtt_fingerprint_username String,
      mqtt_fingerprint_password String), parent Tuple(connection Int64, connection_type String,
      connection_transport String, connection_protocol String, connection_timestamp Float64,
      connection_root Int64, connection_parent Int64, local_host String, local_port Int64, remote_host String,
      remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.mqtt_fingerprint = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.mqtt_fingerprint = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.mqtt_fingerprint, 'UInt64') AS mqtt_fingerprint,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.parent.connection_type AS connection_type,
  j.parent.connection_transport AS connection_transport, j.parent.connection_protocol AS connection_protocol,
  j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"mqtt_fingerprint_clientid":{"$hex":"') > 0, unhex(JSONExtractString(j.row.mqtt_fingerprint_clientid, '$hex')), j.row.mqtt_fingerprint_clientid) AS mqtt_fingerprint_clientid,
  if(position(raw, '"mqtt_fingerprint_willtopic":{"$hex":"') > 0, unhex(JSONExtractString(j.row.mqtt_fingerprint_willtopic, '$hex')), j.row.mqtt_fingerprint_willtopic) AS mqtt_fingerprint_willtopic,
  if(position(raw, '"mqtt_fingerprint_willmessage":{"$hex":"') > 0, unhex(JSONExtractString(j.row.mqtt_fingerprint_willmessage, '$hex')), j.row.mqtt_fingerprint_willmessage) AS mqtt_fingerprint_willmessage,
  if(position(raw, '"mqtt_fingerprint_username":{"$hex":"') > 0, unhex(JSONExtractString(j.row.mqtt_fingerprint_username, '$hex')), j.row.mqtt_fingerprint_username) AS mqtt_fingerprint_username,
  if(position(raw, '"mqtt_fingerprint_password":{"$hex":"') > 0, unhex(JSONExtractString(j.row.mqtt_fingerprint_password, '$hex')), j.row.mqtt_fingerprint_password) AS mqtt_fingerprint_password
FROM {{landing dionaea}}
WHERE stream = 'mqtt_fingerprints'

-- into dionaea_mqtt_publish_commands
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(mqtt_publish_command Int64, connection Int64, mqtt_publish_command_topic String,
      mqtt_publish_command_message String), parent Tuple(connection Int64, connection_type String,
      connection_transport String, connection_protocol String, connection_timestamp Float64,
      connection_root Int64, connection_parent Int64, local_host String, local_port Int64, remote_host String,
      remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.mqtt_publish_command = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.mqtt_publish_command = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.mqtt_publish_command, 'UInt64') AS mqtt_publish_command,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection, j.parent.connection_type AS connection_type,
  j.parent.connection_transport AS connection_transport, j.parent.connection_protocol AS connection_protocol,
  j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"mqtt_publish_command_topic":{"$hex":"') > 0, unhex(JSONExtractString(j.row.mqtt_publish_command_topic, '$hex')), j.row.mqtt_publish_command_topic) AS mqtt_publish_command_topic,
  if(position(raw, '"mqtt_publish_command_message":{"$hex":"') > 0, unhex(JSONExtractString(j.row.mqtt_publish_command_message, '$hex')), j.row.mqtt_publish_command_message) AS mqtt_publish_command_message
FROM {{landing dionaea}}
WHERE stream = 'mqtt_publish_commands'

-- into dionaea_mqtt_subscribe_commands
WITH
  toValidUTF8(raw) AS text,
  JSONExtract(
    text,
    'Tuple(
      row Tuple(mqtt_subscribe_command Int64, connection Int64, mqtt_subscribe_command_messageid String,
      mqtt_subscribe_command_topic String), parent Tuple(connection Int64, connection_type String,
      connection_transport String, connection_protocol String, connection_timestamp Float64,
      connection_root Int64, connection_parent Int64, local_host String, local_port Int64, remote_host String,
      remote_hostname String, remote_port Int64)
    )'
  ) AS j,
  j.parent.connection_timestamp AS seconds,
  seconds > 946684800 AND seconds < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(sensible, fromUnixTimestamp64Micro(toInt64(round(if(sensible, seconds, 0) * 1e6)), 'UTC'), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.row.mqtt_subscribe_command = 0 AND NOT isValidJSON(text), 'not_json',
    text != raw, 'bad_utf8',
    j.row.mqtt_subscribe_command = 0 OR NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.parent.remote_host) AS attacker_ip,
  {{geo attacker_ip}},
  accurateCastOrDefault(j.row.mqtt_subscribe_command, 'UInt64') AS mqtt_subscribe_command,
  accurateCastOrDefault(j.row.connection, 'UInt64') AS connection,
  j.row.mqtt_subscribe_command_messageid AS mqtt_subscribe_command_messageid,
  j.parent.connection_type AS connection_type, j.parent.connection_transport AS connection_transport,
  j.parent.connection_protocol AS connection_protocol, j.parent.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(j.parent.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(j.parent.connection_parent, 'UInt64') AS connection_parent,
  j.parent.local_host AS local_host, accurateCastOrDefault(j.parent.local_port, 'UInt16') AS local_port,
  j.parent.remote_host AS remote_host, j.parent.remote_hostname AS remote_hostname,
  accurateCastOrDefault(j.parent.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"mqtt_subscribe_command_topic":{"$hex":"') > 0, unhex(JSONExtractString(j.row.mqtt_subscribe_command_topic, '$hex')), j.row.mqtt_subscribe_command_topic) AS mqtt_subscribe_command_topic
FROM {{landing dionaea}}
WHERE stream = 'mqtt_subscribe_commands'
