-- Landing table -> record tables: one for each table of Dionaea's database. A row comes as
-- {"row": {…}, "parent": {…}, "grandparent": {…}}; rows of a connection carry it as their parent, rows of a SIP or
-- MySQL command carry the command as their parent and its connection as their grandparent.
--
-- `$hex`      bytes that are no UTF-8, and BLOBs, come as {"$hex": "…"} and are stored as the bytes they are. Written in
--             a string by an attacker the quotes would be escaped, so that raw tells the two apart.
-- `sensible`  a connection's time that is after 2000 and not a day ahead of the server's. A row without a time of
--             its own has its connection's, so it is never late, but may be early by the connection's length.

-- into dionaea_connections
WITH r.connection_timestamp > 946684800
  AND r.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, r.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, r.connection_type AS connection_type,
  r.connection_transport AS connection_transport, r.connection_protocol AS connection_protocol,
  r.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(r.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(r.connection_parent, 'UInt64') AS connection_parent, r.local_host AS local_host,
  accurateCastOrDefault(r.local_port, 'UInt16') AS local_port, r.remote_host AS remote_host,
  r.remote_hostname AS remote_hostname, accurateCastOrDefault(r.remote_port, 'UInt16') AS remote_port
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r
  FROM {{landing dionaea}}
)

-- into dionaea_dcerpcbinds
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  r.dcerpcbind_transfersyntax AS dcerpcbind_transfersyntax, p.connection_type AS connection_type,
  p.connection_transport AS connection_transport, p.connection_protocol AS connection_protocol,
  p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        dcerpcbind Int64, connection Int64, dcerpcbind_uuid String, dcerpcbind_transfersyntax String
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_dcerpcrequests
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  r.dcerpcrequest_opnum AS dcerpcrequest_opnum, p.connection_type AS connection_type,
  p.connection_transport AS connection_transport, p.connection_protocol AS connection_protocol,
  p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        dcerpcrequest Int64, connection Int64, dcerpcrequest_uuid String, dcerpcrequest_opnum Int64
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
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
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, p.connection_type AS connection_type,
  p.connection_transport AS connection_transport, p.connection_protocol AS connection_protocol,
  p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"emu_profile_json":{"$hex":"') > 0, unhex(JSONExtractString(r.emu_profile_json, '$hex')), r.emu_profile_json) AS emu_profile_json
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        emu_profile Int64, connection Int64, emu_profile_json String
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_emu_services
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, p.connection_type AS connection_type,
  p.connection_transport AS connection_transport, p.connection_protocol AS connection_protocol,
  p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"emu_service_url":{"$hex":"') > 0, unhex(JSONExtractString(r.emu_service_url, '$hex')), r.emu_service_url) AS emu_service_url
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        emu_serivce Int64, connection Int64, emu_service_url String
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_emu_services_old
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, p.connection_type AS connection_type,
  p.connection_transport AS connection_transport, p.connection_protocol AS connection_protocol,
  p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"emu_service_url":{"$hex":"') > 0, unhex(JSONExtractString(r.emu_service_url, '$hex')), r.emu_service_url) AS emu_service_url
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        emu_serivce Int64, connection Int64, emu_service_url String
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_offers
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, p.connection_type AS connection_type,
  p.connection_transport AS connection_transport, p.connection_protocol AS connection_protocol,
  p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"offer_url":{"$hex":"') > 0, unhex(JSONExtractString(r.offer_url, '$hex')), r.offer_url) AS offer_url
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        offer Int64, connection Int64, offer_url String
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_downloads
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  p.connection_type AS connection_type, p.connection_transport AS connection_transport,
  p.connection_protocol AS connection_protocol, p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"download_url":{"$hex":"') > 0, unhex(JSONExtractString(r.download_url, '$hex')), r.download_url) AS download_url
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        download Int64, connection Int64, download_url String, download_md5_hash String
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_resolves
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  r.resolve_result AS resolve_result, p.connection_type AS connection_type,
  p.connection_transport AS connection_transport, p.connection_protocol AS connection_protocol,
  p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"resolve_hostname":{"$hex":"') > 0, unhex(JSONExtractString(r.resolve_hostname, '$hex')), r.resolve_hostname) AS resolve_hostname
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        resolve Int64, connection Int64, resolve_hostname String, resolve_type String, resolve_result String
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_p0fs
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  p.connection_type AS connection_type, p.connection_transport AS connection_transport,
  p.connection_protocol AS connection_protocol, p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        p0f Int64, connection Int64, p0f_genre String, p0f_link String, p0f_detail String, p0f_uptime Int64,
        p0f_tos String, p0f_dist Int64, p0f_nat Int64, p0f_fw Int64
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
  WHERE stream = 'p0fs'
)

-- into dionaea_logins
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, p.connection_type AS connection_type,
  p.connection_transport AS connection_transport, p.connection_protocol AS connection_protocol,
  p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"login_username":{"$hex":"') > 0, unhex(JSONExtractString(r.login_username, '$hex')), r.login_username) AS login_username,
  if(position(raw, '"login_password":{"$hex":"') > 0, unhex(JSONExtractString(r.login_password, '$hex')), r.login_password) AS login_password
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        login Int64, connection Int64, login_username String, login_password String
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_mssql_fingerprints
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, p.connection_type AS connection_type,
  p.connection_transport AS connection_transport, p.connection_protocol AS connection_protocol,
  p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"mssql_fingerprint_hostname":{"$hex":"') > 0, unhex(JSONExtractString(r.mssql_fingerprint_hostname, '$hex')), r.mssql_fingerprint_hostname) AS mssql_fingerprint_hostname,
  if(position(raw, '"mssql_fingerprint_appname":{"$hex":"') > 0, unhex(JSONExtractString(r.mssql_fingerprint_appname, '$hex')), r.mssql_fingerprint_appname) AS mssql_fingerprint_appname,
  if(position(raw, '"mssql_fingerprint_cltintname":{"$hex":"') > 0, unhex(JSONExtractString(r.mssql_fingerprint_cltintname, '$hex')), r.mssql_fingerprint_cltintname) AS mssql_fingerprint_cltintname
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        mssql_fingerprint Int64, connection Int64, mssql_fingerprint_hostname String,
        mssql_fingerprint_appname String, mssql_fingerprint_cltintname String
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_mssql_commands
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  p.connection_type AS connection_type, p.connection_transport AS connection_transport,
  p.connection_protocol AS connection_protocol, p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"mssql_command_cmd":{"$hex":"') > 0, unhex(JSONExtractString(r.mssql_command_cmd, '$hex')), r.mssql_command_cmd) AS mssql_command_cmd
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        mssql_command Int64, connection Int64, mssql_command_status String, mssql_command_cmd String
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
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
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  p.connection_type AS connection_type, p.connection_transport AS connection_transport,
  p.connection_protocol AS connection_protocol, p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        mysql_command Int64, connection Int64, mysql_command_cmd Int64
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_mysql_command_args
WITH g.connection_timestamp > 946684800
  AND g.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, g.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  accurateCastOrDefault(p.connection, 'UInt64') AS connection, g.connection_type AS connection_type,
  g.connection_transport AS connection_transport, g.connection_protocol AS connection_protocol,
  g.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(g.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(g.connection_parent, 'UInt64') AS connection_parent, g.local_host AS local_host,
  accurateCastOrDefault(g.local_port, 'UInt16') AS local_port, g.remote_host AS remote_host,
  g.remote_hostname AS remote_hostname, accurateCastOrDefault(g.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"mysql_command_arg_data":{"$hex":"') > 0, unhex(JSONExtractString(r.mysql_command_arg_data, '$hex')), r.mysql_command_arg_data) AS mysql_command_arg_data
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
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
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
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  p.connection_type AS connection_type, p.connection_transport AS connection_transport,
  p.connection_protocol AS connection_protocol, p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"sip_command_method":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_command_method, '$hex')), r.sip_command_method) AS sip_command_method,
  if(position(raw, '"sip_command_call_id":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_command_call_id, '$hex')), r.sip_command_call_id) AS sip_command_call_id,
  if(position(raw, '"sip_command_user_agent":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_command_user_agent, '$hex')), r.sip_command_user_agent) AS sip_command_user_agent
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        sip_command Int64, connection Int64, sip_command_method String, sip_command_call_id String,
        sip_command_user_agent String, sip_command_allow Int64
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_sip_addrs
WITH g.connection_timestamp > 946684800
  AND g.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, g.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  g.connection_type AS connection_type, g.connection_transport AS connection_transport,
  g.connection_protocol AS connection_protocol, g.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(g.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(g.connection_parent, 'UInt64') AS connection_parent, g.local_host AS local_host,
  accurateCastOrDefault(g.local_port, 'UInt16') AS local_port, g.remote_host AS remote_host,
  g.remote_hostname AS remote_hostname, accurateCastOrDefault(g.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"sip_addr_display_name":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_addr_display_name, '$hex')), r.sip_addr_display_name) AS sip_addr_display_name,
  if(position(raw, '"sip_addr_uri_scheme":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_addr_uri_scheme, '$hex')), r.sip_addr_uri_scheme) AS sip_addr_uri_scheme,
  if(position(raw, '"sip_addr_uri_user":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_addr_uri_user, '$hex')), r.sip_addr_uri_user) AS sip_addr_uri_user,
  if(position(raw, '"sip_addr_uri_password":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_addr_uri_password, '$hex')), r.sip_addr_uri_password) AS sip_addr_uri_password,
  if(position(raw, '"sip_addr_uri_host":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_addr_uri_host, '$hex')), r.sip_addr_uri_host) AS sip_addr_uri_host,
  if(position(raw, '"sip_addr_uri_port":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_addr_uri_port, '$hex')), r.sip_addr_uri_port) AS sip_addr_uri_port,
  if(position(raw, '"sip_command_method":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_method, '$hex')), p.sip_command_method) AS sip_command_method,
  if(position(raw, '"sip_command_call_id":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_call_id, '$hex')), p.sip_command_call_id) AS sip_command_call_id,
  if(position(raw, '"sip_command_user_agent":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_user_agent, '$hex')), p.sip_command_user_agent) AS sip_command_user_agent
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
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing dionaea}}
)

-- into dionaea_sip_vias
WITH g.connection_timestamp > 946684800
  AND g.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, g.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  accurateCastOrDefault(p.connection, 'UInt64') AS connection, g.connection_type AS connection_type,
  g.connection_transport AS connection_transport, g.connection_protocol AS connection_protocol,
  g.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(g.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(g.connection_parent, 'UInt64') AS connection_parent, g.local_host AS local_host,
  accurateCastOrDefault(g.local_port, 'UInt16') AS local_port, g.remote_host AS remote_host,
  g.remote_hostname AS remote_hostname, accurateCastOrDefault(g.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"sip_via_protocol":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_via_protocol, '$hex')), r.sip_via_protocol) AS sip_via_protocol,
  if(position(raw, '"sip_via_address":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_via_address, '$hex')), r.sip_via_address) AS sip_via_address,
  if(position(raw, '"sip_via_port":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_via_port, '$hex')), r.sip_via_port) AS sip_via_port,
  if(position(raw, '"sip_command_method":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_method, '$hex')), p.sip_command_method) AS sip_command_method,
  if(position(raw, '"sip_command_call_id":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_call_id, '$hex')), p.sip_command_call_id) AS sip_command_call_id,
  if(position(raw, '"sip_command_user_agent":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_user_agent, '$hex')), p.sip_command_user_agent) AS sip_command_user_agent
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
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing dionaea}}
)

-- into dionaea_sip_sdp_origins
WITH g.connection_timestamp > 946684800
  AND g.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, g.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  accurateCastOrDefault(p.connection, 'UInt64') AS connection, g.connection_type AS connection_type,
  g.connection_transport AS connection_transport, g.connection_protocol AS connection_protocol,
  g.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(g.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(g.connection_parent, 'UInt64') AS connection_parent, g.local_host AS local_host,
  accurateCastOrDefault(g.local_port, 'UInt16') AS local_port, g.remote_host AS remote_host,
  g.remote_hostname AS remote_hostname, accurateCastOrDefault(g.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"sip_sdp_origin_username":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_origin_username, '$hex')), r.sip_sdp_origin_username) AS sip_sdp_origin_username,
  if(position(raw, '"sip_sdp_origin_sess_id":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_origin_sess_id, '$hex')), r.sip_sdp_origin_sess_id) AS sip_sdp_origin_sess_id,
  if(position(raw, '"sip_sdp_origin_sess_version":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_origin_sess_version, '$hex')), r.sip_sdp_origin_sess_version) AS sip_sdp_origin_sess_version,
  if(position(raw, '"sip_sdp_origin_nettype":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_origin_nettype, '$hex')), r.sip_sdp_origin_nettype) AS sip_sdp_origin_nettype,
  if(position(raw, '"sip_sdp_origin_addrtype":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_origin_addrtype, '$hex')), r.sip_sdp_origin_addrtype) AS sip_sdp_origin_addrtype,
  if(position(raw, '"sip_sdp_origin_unicast_address":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_origin_unicast_address, '$hex')), r.sip_sdp_origin_unicast_address) AS sip_sdp_origin_unicast_address,
  if(position(raw, '"sip_command_method":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_method, '$hex')), p.sip_command_method) AS sip_command_method,
  if(position(raw, '"sip_command_call_id":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_call_id, '$hex')), p.sip_command_call_id) AS sip_command_call_id,
  if(position(raw, '"sip_command_user_agent":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_user_agent, '$hex')), p.sip_command_user_agent) AS sip_command_user_agent
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
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing dionaea}}
)

-- into dionaea_sip_sdp_connectiondatas
WITH g.connection_timestamp > 946684800
  AND g.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, g.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  accurateCastOrDefault(p.connection, 'UInt64') AS connection, g.connection_type AS connection_type,
  g.connection_transport AS connection_transport, g.connection_protocol AS connection_protocol,
  g.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(g.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(g.connection_parent, 'UInt64') AS connection_parent, g.local_host AS local_host,
  accurateCastOrDefault(g.local_port, 'UInt16') AS local_port, g.remote_host AS remote_host,
  g.remote_hostname AS remote_hostname, accurateCastOrDefault(g.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"sip_sdp_connectiondata_nettype":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_connectiondata_nettype, '$hex')), r.sip_sdp_connectiondata_nettype) AS sip_sdp_connectiondata_nettype,
  if(position(raw, '"sip_sdp_connectiondata_addrtype":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_connectiondata_addrtype, '$hex')), r.sip_sdp_connectiondata_addrtype) AS sip_sdp_connectiondata_addrtype,
  if(position(raw, '"sip_sdp_connectiondata_connection_address":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_connectiondata_connection_address, '$hex')), r.sip_sdp_connectiondata_connection_address) AS sip_sdp_connectiondata_connection_address,
  if(position(raw, '"sip_sdp_connectiondata_ttl":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_connectiondata_ttl, '$hex')), r.sip_sdp_connectiondata_ttl) AS sip_sdp_connectiondata_ttl,
  if(position(raw, '"sip_sdp_connectiondata_number_of_addresses":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_connectiondata_number_of_addresses, '$hex')), r.sip_sdp_connectiondata_number_of_addresses) AS sip_sdp_connectiondata_number_of_addresses,
  if(position(raw, '"sip_command_method":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_method, '$hex')), p.sip_command_method) AS sip_command_method,
  if(position(raw, '"sip_command_call_id":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_call_id, '$hex')), p.sip_command_call_id) AS sip_command_call_id,
  if(position(raw, '"sip_command_user_agent":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_user_agent, '$hex')), p.sip_command_user_agent) AS sip_command_user_agent
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
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing dionaea}}
)

-- into dionaea_sip_sdp_medias
WITH g.connection_timestamp > 946684800
  AND g.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, g.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  accurateCastOrDefault(p.connection, 'UInt64') AS connection, g.connection_type AS connection_type,
  g.connection_transport AS connection_transport, g.connection_protocol AS connection_protocol,
  g.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(g.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(g.connection_parent, 'UInt64') AS connection_parent, g.local_host AS local_host,
  accurateCastOrDefault(g.local_port, 'UInt16') AS local_port, g.remote_host AS remote_host,
  g.remote_hostname AS remote_hostname, accurateCastOrDefault(g.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"sip_sdp_media_media":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_media_media, '$hex')), r.sip_sdp_media_media) AS sip_sdp_media_media,
  if(position(raw, '"sip_sdp_media_port":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_media_port, '$hex')), r.sip_sdp_media_port) AS sip_sdp_media_port,
  if(position(raw, '"sip_sdp_media_number_of_ports":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_media_number_of_ports, '$hex')), r.sip_sdp_media_number_of_ports) AS sip_sdp_media_number_of_ports,
  if(position(raw, '"sip_sdp_media_proto":{"$hex":"') > 0, unhex(JSONExtractString(r.sip_sdp_media_proto, '$hex')), r.sip_sdp_media_proto) AS sip_sdp_media_proto,
  if(position(raw, '"sip_command_method":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_method, '$hex')), p.sip_command_method) AS sip_command_method,
  if(position(raw, '"sip_command_call_id":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_call_id, '$hex')), p.sip_command_call_id) AS sip_command_call_id,
  if(position(raw, '"sip_command_user_agent":{"$hex":"') > 0, unhex(JSONExtractString(p.sip_command_user_agent, '$hex')), p.sip_command_user_agent) AS sip_command_user_agent
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
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p, untuple(j.grandparent) AS g
  FROM {{landing dionaea}}
)

-- into dionaea_mqtt_fingerprints
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, p.connection_type AS connection_type,
  p.connection_transport AS connection_transport, p.connection_protocol AS connection_protocol,
  p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"mqtt_fingerprint_clientid":{"$hex":"') > 0, unhex(JSONExtractString(r.mqtt_fingerprint_clientid, '$hex')), r.mqtt_fingerprint_clientid) AS mqtt_fingerprint_clientid,
  if(position(raw, '"mqtt_fingerprint_willtopic":{"$hex":"') > 0, unhex(JSONExtractString(r.mqtt_fingerprint_willtopic, '$hex')), r.mqtt_fingerprint_willtopic) AS mqtt_fingerprint_willtopic,
  if(position(raw, '"mqtt_fingerprint_willmessage":{"$hex":"') > 0, unhex(JSONExtractString(r.mqtt_fingerprint_willmessage, '$hex')), r.mqtt_fingerprint_willmessage) AS mqtt_fingerprint_willmessage,
  if(position(raw, '"mqtt_fingerprint_username":{"$hex":"') > 0, unhex(JSONExtractString(r.mqtt_fingerprint_username, '$hex')), r.mqtt_fingerprint_username) AS mqtt_fingerprint_username,
  if(position(raw, '"mqtt_fingerprint_password":{"$hex":"') > 0, unhex(JSONExtractString(r.mqtt_fingerprint_password, '$hex')), r.mqtt_fingerprint_password) AS mqtt_fingerprint_password
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
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_mqtt_publish_commands
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  accurateCastOrDefault(r.connection, 'UInt64') AS connection, p.connection_type AS connection_type,
  p.connection_transport AS connection_transport, p.connection_protocol AS connection_protocol,
  p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"mqtt_publish_command_topic":{"$hex":"') > 0, unhex(JSONExtractString(r.mqtt_publish_command_topic, '$hex')), r.mqtt_publish_command_topic) AS mqtt_publish_command_topic,
  if(position(raw, '"mqtt_publish_command_message":{"$hex":"') > 0, unhex(JSONExtractString(r.mqtt_publish_command_message, '$hex')), r.mqtt_publish_command_message) AS mqtt_publish_command_message
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        mqtt_publish_command Int64, connection Int64, mqtt_publish_command_topic String,
        mqtt_publish_command_message String
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)

-- into dionaea_mqtt_subscribe_commands
WITH p.connection_timestamp > 946684800
  AND p.connection_timestamp < toUnixTimestamp64Micro(collect_ts) / 1e6 + 86400 AS sensible
SELECT
  {{record_values}},
  if(
    sensible,
    fromUnixTimestamp64Micro(toInt64(round(if(sensible, p.connection_timestamp, 0) * 1e6)), 'UTC'),
    collect_ts
  ) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
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
  r.mqtt_subscribe_command_messageid AS mqtt_subscribe_command_messageid, p.connection_type AS connection_type,
  p.connection_transport AS connection_transport, p.connection_protocol AS connection_protocol,
  p.connection_timestamp AS connection_timestamp,
  accurateCastOrDefault(p.connection_root, 'UInt64') AS connection_root,
  accurateCastOrDefault(p.connection_parent, 'UInt64') AS connection_parent, p.local_host AS local_host,
  accurateCastOrDefault(p.local_port, 'UInt16') AS local_port, p.remote_host AS remote_host,
  p.remote_hostname AS remote_hostname, accurateCastOrDefault(p.remote_port, 'UInt16') AS remote_port,
  if(position(raw, '"mqtt_subscribe_command_topic":{"$hex":"') > 0, unhex(JSONExtractString(r.mqtt_subscribe_command_topic, '$hex')), r.mqtt_subscribe_command_topic) AS mqtt_subscribe_command_topic
FROM (
  WITH JSONExtract(
    toValidUTF8(raw),
    'Tuple(
      row Tuple(
        mqtt_subscribe_command Int64, connection Int64, mqtt_subscribe_command_messageid String,
        mqtt_subscribe_command_topic String
      ),
      parent Tuple(
        connection Int64, connection_type String, connection_transport String, connection_protocol String,
        connection_timestamp Float64, connection_root Int64, connection_parent Int64, local_host String,
        local_port Int64, remote_host String, remote_hostname String, remote_port Int64
      )
    )'
  ) AS j
  SELECT *, toValidUTF8(raw) AS text, untuple(j.row) AS r, untuple(j.parent) AS p
  FROM {{landing dionaea}}
)
