-- Record tables -> event. README.md says for every table what it yields and why; tables that are not here yield none.
--
-- A session is a chain of connections: the number of its first one, behind the life of the database, because Dionaea
-- counts from 1 in every new database. A row whose connection was not there when it was read (bit 3 of its flags)
-- yields its event when it comes again with it, as its next version.

-- define service
-- Protocols have their usual names.
transform(
    connection_protocol,
    ['smbd', 'mssqld', 'mysqld', 'httpd', 'ftpd', 'ftpdatalisten', 'ftpdata', 'ftpctrl', 'SipSession', 'SipCall',
      'RtpUdpStream', 'mqttd', 'Memcache', 'mongod', 'pptpd', 'printerd', 'upnpd', 'TftpServerHandler', 'TftpClient',
      'mirrord', 'mirrorc', 'nfqmirrord', 'nfqmirrorc'],
    ['smb', 'mssql', 'mysql', 'http', 'ftp', 'ftp', 'ftp', 'ftp', 'sip', 'sip',
      'rtp', 'mqtt', 'memcached', 'mongodb', 'pptp', 'pjl', 'ssdp', 'tftp', 'tftp',
      'mirror', 'mirror', 'mirror', 'mirror'],
    connection_protocol
  )

-- define bulletin
transform(
    concat(lower(replaceAll({{1}}, '-', '')), ':', toString({{2}})),
    ['4d9f4ab87d1c11cf861e0020af6e7c57:0', '3919286ab10c11d09ba800c04fd92ef5:9', '000001a000000000c000000000000046:4',
      'fdb3a030065f11d1bb9b00a024ea5525:6', 'fdb3a030065f11d1bb9b00a024ea5525:9', '2f5f3220c1261076b549074d078619da:12',
      'e67ab081984435219d32834f038001c0:9', 'e67ab081984435219d32834f038001c0:1', '8d9f4e40a03d11ce8f6908003e30051b:54',
      '4b324fc8167001d312785a47bf6ee188:31', '4b324fc8167001d312785a47bf6ee188:32', '6bffd098a1123610983346c3f87e345a:27'],
    ['MS03-26', 'MS04-11', 'MS04-12', 'MS07-065', 'MS05-017', 'MS04-031', 'MS06-66', 'MS06-66', 'MS05-39', 'MS08-67',
      'MS08-67', 'MS03-39'],
    ''
  )

-- define com
transform(
    {{1}},
    [0, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28],
    ['COM_SLEEP', 'COM_CREATE_DB', 'COM_DROP_DB', 'COM_REFRESH', 'COM_SHUTDOWN', 'COM_STATISTICS', 'COM_PROCESS_INFO',
      'COM_CONNECT', 'COM_PROCESS_KILL', 'COM_DEBUG', 'COM_PING', 'COM_TIME', 'COM_DELAYED_INSERT', 'COM_CHANGE_USER',
      'COM_BINLOG_DUMP', 'COM_TABLE_DUMP', 'COM_CONNECT_OUT', 'COM_REGISTER_SLAVE', 'COM_STMT_PREPARE',
      'COM_STMT_EXECUTE', 'COM_STMT_SEND_LONG_DATA', 'COM_STMT_CLOSE', 'COM_STMT_RESET', 'COM_SET_OPTION',
      'COM_STMT_FETCH'],
    concat('COM_', toString({{1}}))
  )

-- from dionaea_connections
-- A `connect` over UDP is a client's first datagram, but for Dionaea's own clients; over TCP it is Dionaea calling
-- out, but for SIP, which writes `accept` beside it. `listen` is Dionaea's own doing, `pending` is followed by
-- `accept` or `reject`. Later versions only link the row to its parent.
WITH
  connection_type = 'connect'
    AND (connection_transport != 'udp' OR connection_protocol IN ('TftpClient', 'RtpUdpStream')) AS outgoing
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'probe' AS action,
  'computer' AS target_kind,
  -- Where Dionaea listens on ::, IPv4 addresses are mapped.
  replaceRegexpOne(if(outgoing, if(remote_hostname = '', remote_host, remote_hostname), local_host), '^::ffff:', '') AS target,
  multiIf(connection_type = 'reject', 'failure', outgoing, 'unknown', 'success') AS outcome,
  toIPv6OrDefault(if(outgoing, local_host, remote_host)) AS source_ip,
  if(outgoing, local_port, remote_port) AS source_port,
  toIPv6OrDefault(if(outgoing, remote_host, local_host)) AS destination_ip,
  if(outgoing, remote_port, local_port) AS destination_port,
  if(outgoing, 'outbound', 'inbound') AS direction,
  'honeypot' AS vantage,
  if(connection_protocol = 'Blackhole', transform(local_port, [23, 53, 123], ['telnet', 'dns', 'ntp'], ''), {{use service}}) AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session
FROM {{record dionaea_connections}}
WHERE version = 0
  AND connection_type IN ('accept', 'reject', 'connect')
  AND NOT (connection_type = 'connect' AND connection_transport != 'udp' AND connection_protocol = 'SipSession')

-- from dionaea_logins
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'authenticate' AS action,
  'account' AS target_kind,
  login_username AS target,
  'unknown' AS outcome,
  toIPv6OrDefault(remote_host) AS source_ip,
  remote_port AS source_port,
  toIPv6OrDefault(local_host) AS destination_ip,
  local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  {{use service}} AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session,
  login_username AS username,
  login_password AS password
FROM {{record dionaea_logins}}
WHERE login != 0 AND NOT bitTest(flags, 3)

-- from dionaea_dcerpcbinds
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'probe' AS action,
  'process' AS target_kind,
  dcerpcbind_uuid AS target,
  'unknown' AS outcome,
  toIPv6OrDefault(remote_host) AS source_ip,
  remote_port AS source_port,
  toIPv6OrDefault(local_host) AS destination_ip,
  local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  if(connection_protocol = 'epmapper', 'epmapper', 'smb') AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session
FROM {{record dionaea_dcerpcbinds}}
WHERE dcerpcbind != 0 AND NOT bitTest(flags, 3)

-- Operations whose vulnerability Dionaea names (`vulns` of rpcservices.py): calling one goes round the log-in.
-- from dionaea_dcerpcrequests
WITH
  {{use bulletin dcerpcrequest_uuid dcerpcrequest_opnum}} AS bulletin
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(bulletin = '', 'probe', 'bypass') AS action,
  'process' AS target_kind,
  concat(dcerpcrequest_uuid, ' ', toString(dcerpcrequest_opnum)) AS target,
  'unknown' AS outcome,
  toIPv6OrDefault(remote_host) AS source_ip,
  remote_port AS source_port,
  toIPv6OrDefault(local_host) AS destination_ip,
  local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  if(connection_protocol = 'epmapper', 'epmapper', 'smb') AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session,
  bulletin AS signature
FROM {{record dionaea_dcerpcrequests}}
WHERE dcerpcrequest != 0 AND NOT bitTest(flags, 3)

-- from dionaea_emu_services
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'bypass' AS action,
  'process' AS target_kind,
  emu_service_url AS target,
  'unknown' AS outcome,
  toIPv6OrDefault(remote_host) AS source_ip,
  remote_port AS source_port,
  toIPv6OrDefault(local_host) AS destination_ip,
  local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  {{use service}} AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session,
  emu_service_url AS url
FROM {{record dionaea_emu_services}}
WHERE emu_serivce != 0 AND NOT bitTest(flags, 3)

-- from dionaea_emu_services_old
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'bypass' AS action,
  'process' AS target_kind,
  emu_service_url AS target,
  'unknown' AS outcome,
  toIPv6OrDefault(remote_host) AS source_ip,
  remote_port AS source_port,
  toIPv6OrDefault(local_host) AS destination_ip,
  local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  {{use service}} AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session,
  emu_service_url AS url
FROM {{record dionaea_emu_services_old}}
WHERE emu_serivce != 0 AND NOT bitTest(flags, 3)

-- from dionaea_offers
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'input' AS action,
  'process' AS target_kind,
  service AS target,
  'unknown' AS outcome,
  toIPv6OrDefault(remote_host) AS source_ip,
  remote_port AS source_port,
  toIPv6OrDefault(local_host) AS destination_ip,
  local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  {{use service}} AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session,
  offer_url AS url
FROM {{record dionaea_offers}}
WHERE offer != 0 AND NOT bitTest(flags, 3)

-- from dionaea_downloads
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'download' AS action,
  'data' AS target_kind,
  if(download_url = '', download_md5_hash, download_url) AS target,
  'success' AS outcome,
  toIPv6OrDefault(remote_host) AS source_ip,
  remote_port AS source_port,
  toIPv6OrDefault(local_host) AS destination_ip,
  local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  {{use service}} AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session,
  download_url AS url,
  map('md5', download_md5_hash) AS extra
FROM {{record dionaea_downloads}}
WHERE download != 0 AND NOT bitTest(flags, 3)

-- from dionaea_mssql_commands
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'input' AS action,
  'process' AS target_kind,
  'mssql' AS target,
  'unknown' AS outcome,
  toIPv6OrDefault(remote_host) AS source_ip,
  remote_port AS source_port,
  toIPv6OrDefault(local_host) AS destination_ip,
  local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'mssql' AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session,
  mssql_command_cmd AS command
FROM {{record dionaea_mssql_commands}}
WHERE mssql_command != 0 AND NOT bitTest(flags, 3)

-- COM_QUIT ends the connection; the commands with arguments (COM_INIT_DB, COM_QUERY, COM_FIELD_LIST) are told below.
-- from dionaea_mysql_commands
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'input' AS action,
  'process' AS target_kind,
  'mysql' AS target,
  'unknown' AS outcome,
  toIPv6OrDefault(remote_host) AS source_ip,
  remote_port AS source_port,
  toIPv6OrDefault(local_host) AS destination_ip,
  local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'mysql' AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session,
  {{use com mysql_command_cmd}} AS command
FROM {{record dionaea_mysql_commands}}
WHERE mysql_command != 0 AND NOT bitTest(flags, 3) AND mysql_command_cmd NOT IN (1, 2, 3, 4)

-- from dionaea_mysql_command_args
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'input' AS action,
  'process' AS target_kind,
  'mysql' AS target,
  'unknown' AS outcome,
  toIPv6OrDefault(remote_host) AS source_ip,
  remote_port AS source_port,
  toIPv6OrDefault(local_host) AS destination_ip,
  local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'mysql' AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session,
  concat(transform(mysql_command_cmd, [2, 4], ['COM_INIT_DB ', 'COM_FIELD_LIST '], ''), mysql_command_arg_data) AS command
FROM {{record dionaea_mysql_command_args}}
WHERE mysql_command_arg != 0 AND NOT bitTest(flags, 3) AND mysql_command_arg_index = 0

-- from dionaea_sip_commands
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(sip_command_method = 'OPTIONS', 'probe', sip_command_method = 'REGISTER', 'authenticate', 'input') AS action,
  if(action = 'authenticate', 'account', 'process') AS target_kind,
  if(action = 'authenticate', '', 'sip') AS target,
  'unknown' AS outcome,
  toIPv6OrDefault(remote_host) AS source_ip,
  remote_port AS source_port,
  toIPv6OrDefault(local_host) AS destination_ip,
  local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'sip' AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session,
  sip_command_method AS command,
  sip_command_user_agent AS user_agent,
  map('method', sip_command_method, 'call_id', sip_command_call_id) AS extra
FROM {{record dionaea_sip_commands}}
WHERE sip_command != 0 AND NOT bitTest(flags, 3)

-- from dionaea_mqtt_fingerprints
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(mqtt_fingerprint_username = '', 'probe', 'authenticate') AS action,
  if(action = 'probe', 'process', 'account') AS target_kind,
  if(action = 'probe', 'mqtt', mqtt_fingerprint_username) AS target,
  'unknown' AS outcome,
  toIPv6OrDefault(remote_host) AS source_ip,
  remote_port AS source_port,
  toIPv6OrDefault(local_host) AS destination_ip,
  local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'mqtt' AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session,
  mqtt_fingerprint_username AS username,
  mqtt_fingerprint_password AS password,
  mqtt_fingerprint_clientid AS user_agent
FROM {{record dionaea_mqtt_fingerprints}}
WHERE mqtt_fingerprint != 0 AND NOT bitTest(flags, 3)

-- from dionaea_mqtt_publish_commands
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'modify' AS action,
  'data' AS target_kind,
  mqtt_publish_command_topic AS target,
  'unknown' AS outcome,
  toIPv6OrDefault(remote_host) AS source_ip,
  remote_port AS source_port,
  toIPv6OrDefault(local_host) AS destination_ip,
  local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'mqtt' AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session,
  mqtt_publish_command_message AS command
FROM {{record dionaea_mqtt_publish_commands}}
WHERE mqtt_publish_command != 0 AND NOT bitTest(flags, 3)

-- from dionaea_mqtt_subscribe_commands
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'read' AS action,
  'data' AS target_kind,
  mqtt_subscribe_command_topic AS target,
  'unknown' AS outcome,
  toIPv6OrDefault(remote_host) AS source_ip,
  remote_port AS source_port,
  toIPv6OrDefault(local_host) AS destination_ip,
  local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'mqtt' AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(if(connection_root = 0, connection, connection_root))) AS session
FROM {{record dionaea_mqtt_subscribe_commands}}
WHERE mqtt_subscribe_command != 0 AND NOT bitTest(flags, 3)

-- A line of the JSON is a connection with all that came of it: what happened to the connection itself, its log-ins, the
-- commands of FTP. Ordinals have a byte; what is beyond stays in the record, and the connection's event counts it. SIP
-- over TCP has one line here, of which Dionaea's last word stands. The line is the session.
-- from dionaea_json
WITH
  connection_type = 'connect' AND connection_protocol != 'SipSession'
    AND (connection_transport != 'udp' OR connection_protocol IN ('TftpClient', 'RtpUdpStream')) AS outgoing,
  step.1 AS is_what
SELECT
  {{event_identity ordinal}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(is_what = 'connection', 'probe', is_what = 'credentials', 'authenticate', 'input') AS action,
  multiIf(action = 'probe', 'computer', action = 'authenticate', 'account', 'process') AS target_kind,
  multiIf(
    action = 'authenticate', step.2,
    action = 'input', 'ftp',
    replaceRegexpOne(multiIf(NOT outgoing, dst_ip, src_hostname = '', src_ip, src_hostname), '^::ffff:', '')
  ) AS target,
  multiIf(
    action != 'probe' OR outgoing, 'unknown',
    connection_type = 'reject', 'failure',
    'success'
  ) AS outcome,
  toIPv6OrDefault(if(outgoing, dst_ip, src_ip)) AS source_ip,
  if(outgoing, dst_port, src_port) AS source_port,
  toIPv6OrDefault(if(outgoing, src_ip, dst_ip)) AS destination_ip,
  if(outgoing, src_port, dst_port) AS destination_port,
  if(outgoing, 'outbound', 'inbound') AS direction,
  'honeypot' AS vantage,
  if(
    connection_protocol = 'Blackhole',
    transform(dst_port, [23, 53, 123], ['telnet', 'dns', 'ntp'], ''),
    {{use service}}
  ) AS service,
  if(connection_transport = 'tls', 'tcp', connection_transport) AS transport,
  concat(lower(hex(generation)), '-', toString(place)) AS session,
  if(action = 'authenticate', step.2, '') AS username,
  if(action = 'authenticate', step.3, '') AS password,
  if(action = 'input', trimRight(concat(step.2, ' ', step.3)), '') AS command,
  mapFilter(
    (name_of, content) -> content != '',
    map('steps_left_out', if(ordinal = 0 AND length(steps) > 255, toString(length(steps) - 255), ''))
  ) AS extra
FROM (
  SELECT
    *,
    arrayConcat(
      [('connection', '', '')],
      arrayMap(log_in -> ('credentials', log_in.username, log_in.password), credentials),
      arrayMap(one -> ('ftp', one.command, one.arguments), ftp_commands)
    ) AS steps
  FROM {{record dionaea_json}}
)
ARRAY JOIN arraySlice(steps, 1, 255) AS step, range(least(255, length(steps))) AS ordinal
WHERE attacker_ip != toIPv6('::')
  AND (is_what != 'connection' OR connection_type IN ('accept', 'reject', 'connect'))
  -- A log-in is told by its credentials, the end of a connection is no step.
  AND NOT (is_what = 'ftp' AND upper(step.2) IN ('USER', 'PASS', 'QUIT'))

-- An incident is what the tables have of it, with its own time. A command of MySQL has its arguments with it.
-- from dionaea_incident
WITH
  replaceRegexpOne(origin, '^dionaea\\.(?:modules\\.python\\.)?', '') AS what,
  if(startsWith(what, 'connection.'), splitByChar('.', what)[3], '') AS connection_type,
  connection_type = 'connect'
    AND (connection_transport != 'udp' OR connection_protocol IN ('TftpClient', 'RtpUdpStream')) AS outgoing,
  toUInt32OrZero(command) AS com,
  {{use bulletin uuid opnum}} AS bulletin
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    connection_type != '' OR what = 'smb.dcerpc.bind', 'probe',
    endsWith(what, '.login'), 'authenticate',
    what = 'smb.dcerpc.request', if(bulletin = '', 'probe', 'bypass'),
    startsWith(what, 'service.shell.'), 'bypass',
    what = 'download.complete.hash', 'download',
    what = 'sip.command', multiIf(method = 'OPTIONS', 'probe', method = 'REGISTER', 'authenticate', 'input'),
    what = 'mqtt.connect', if(record.username = '', 'probe', 'authenticate'),
    what = 'mqtt.publish', 'modify',
    what = 'mqtt.subscribe', 'read',
    'input'
  ) AS action,
  multiIf(
    connection_type != '', 'computer',
    action = 'authenticate', 'account',
    action IN ('download', 'modify', 'read'), 'data',
    'process'
  ) AS target_kind,
  multiIf(
    connection_type != '',
    replaceRegexpOne(if(outgoing, if(remote_hostname = '', remote_ip, remote_hostname), local_ip), '^::ffff:', ''),
    action = 'authenticate', record.username,
    what = 'smb.dcerpc.bind', uuid,
    what = 'smb.dcerpc.request', concat(uuid, ' ', toString(opnum)),
    action = 'download' AND record.url = '', md5hash,
    action = 'download' OR startsWith(what, 'service.shell.'), record.url,
    action IN ('modify', 'read'), topic,
    service
  ) AS target,
  multiIf(
    action = 'download', 'success',
    connection_type = '' OR outgoing, 'unknown',
    connection_type = 'reject', 'failure',
    'success'
  ) AS outcome,
  toIPv6OrDefault(if(outgoing, local_ip, remote_ip)) AS source_ip,
  if(outgoing, local_port, remote_port) AS source_port,
  toIPv6OrDefault(if(outgoing, remote_ip, local_ip)) AS destination_ip,
  if(outgoing, remote_port, local_port) AS destination_port,
  if(outgoing, 'outbound', 'inbound') AS direction,
  'honeypot' AS vantage,
  multiIf(
    connection_protocol = 'Blackhole', transform(local_port, [23, 53, 123], ['telnet', 'dns', 'ntp'], ''),
    startsWith(what, 'smb.dcerpc.'), if(connection_protocol = 'epmapper', 'epmapper', 'smb'),
    {{use service}}
  ) AS service,
  multiIf(connection_transport = 'tls', 'tcp', connection_transport = 'dtls', 'udp', connection_transport) AS transport,
  connection_id AS session,
  if(action = 'authenticate', record.username, '') AS username,
  if(action = 'authenticate', record.password, '') AS password,
  multiIf(
    what = 'mysql.command' AND empty(args), {{use com com}},
    what = 'mysql.command', concat(transform(com, [2, 4], ['COM_INIT_DB ', 'COM_FIELD_LIST '], ''), args[1]),
    what = 'ftp.command', trimRight(concat(record.command, ' ', arrayStringConcat(args, ' '))),
    what = 'mqtt.publish', message,
    what = 'sip.command', method,
    what = 'mssql.cmd', record.command,
    ''
  ) AS command,
  if(action IN ('bypass', 'download') OR what = 'download.offer', record.url, '') AS url,
  if(what = 'mqtt.connect', clientid, record.user_agent) AS user_agent,
  bulletin AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map('md5', md5hash, 'method', if(what = 'sip.command', method, ''), 'call_id', call_id)
  ) AS extra
FROM {{record dionaea_incident}} AS record
WHERE attacker_ip != toIPv6('::')
  AND (
    what IN (
      'smb.dcerpc.bind', 'smb.dcerpc.request', 'ftp.login', 'mssql.login', 'mysql.login', 'mssql.cmd',
      'service.shell.listen', 'service.shell.connect', 'download.offer', 'download.complete.hash', 'sip.command',
      'mqtt.connect', 'mqtt.publish', 'mqtt.subscribe'
    )
    OR connection_type IN ('accept', 'reject', 'connect')
      AND NOT (connection_type = 'connect' AND connection_transport != 'udp' AND connection_protocol = 'SipSession')
    OR what = 'ftp.command' AND upper(record.command) NOT IN ('USER', 'PASS', 'QUIT')
    OR what = 'mysql.command' AND com != 1 AND (com NOT IN (2, 3, 4) OR notEmpty(args))
  )
