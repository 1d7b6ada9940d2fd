-- Record table -> event. README.md says for every protocol and request what it yields and why.

-- define asked
  event_type = 'NEW_CONNECTION' AS connected,
  -- Bytes come as Python writes them: b'…'.
  if(match(request, '^b[\'"]'), substring(request, 3, length(request) - 3), request) AS asked,
  -- Modbus: the function code is the eighth byte. S7comm: after TPKT (4), COTP (3) and the head (10) a job's function.
  if(data_type = 'modbus', lower(substring(asked, 15, 2)), '') AS modbus_function,
  if(data_type = 's7comm' AND substring(asked, 15, 4) = '3201', lower(substring(asked, 35, 2)), '') AS s7_function,
  extract(asked, '^\\(u?[\'"](/[^\'"]*)') AS path,
  extract(asked, '(?i)[\'"]user-agent[\'"], [\'"]([^\'"]*)') AS agent,
  extract(asked, '(?i)[\'"]host[\'"], [\'"]([^\'"]*)') AS host,
  upper(extract(asked, '^[A-Za-z]+')) AS verb,
  -- BACnet: behind BVLC (4) and NPDU (2, or 6 for all networks) a confirmed or an unconfirmed request's service.
  if(data_type = 'bacnet', substring(asked, if(substring(asked, 11, 2) = '20', 21, 13)), '') AS apdu,
  multiIf(
    startsWith(apdu, '0'), concat('confirmed ', lower(substring(apdu, 7, 2))),
    startsWith(apdu, '1'), concat('unconfirmed ', lower(substring(apdu, 3, 2))),
    ''
  ) AS bacnet_service,
  multiIf(
    data_type IN ('ads', 'hartip', 'knxnetip'),
      concat(JSONExtractString(request, 'command'), JSONExtractString(request, 'service'), JSONExtractString(request, 'message_id')),
    data_type IN ('dnp3', 'opcua'), request,
    data_type = 'iccp', toString(event_type),
    ''
  ) AS named

-- define told
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    connected OR data_type = 'http', 'probe',
    data_type = 'snmp', if(endsWith(event_type, ' Set'), 'modify', 'read'),
    data_type = 'guardian_ast', multiIf(
      startsWith(event_type, 'AST I'), 'read', startsWith(event_type, 'AST S'), 'modify', 'input'
    ),
    data_type = 'modbus', multiIf(
      modbus_function IN ('01', '02', '03', '04', '14', '18'), 'read',
      modbus_function IN ('05', '06', '0f', '10', '15', '16', '17'), 'modify',
      modbus_function IN ('07', '11', '2b'), 'probe',
      'input'
    ),
    data_type = 's7comm', transform(
      s7_function, ['04', '05', '1a', '1b', '1c', '28', '29'],
      ['read', 'modify', 'modify', 'modify', 'modify', 'input', 'input'], 'probe'
    ),
    data_type = 'ftp', if(verb = 'PASS', 'authenticate', 'input'),
    data_type = 'ipmi', 'probe',
    data_type = 'bacnet', transform(
      bacnet_service,
      ['confirmed 0c', 'confirmed 0e', 'confirmed 0f', 'confirmed 10', 'unconfirmed 07', 'unconfirmed 08'],
      ['read', 'read', 'modify', 'modify', 'probe', 'probe'], 'input'
    ),
    data_type IN ('ads', 'dnp3', 'hartip', 'iccp', 'knxnetip', 'opcua'), multiIf(
      match(named, '^(READ|Read|Browse|BrowseNext|Publish|CreateSubscription|CreateMonitoredItems|mms_read|mms_get_name_list)$'),
        'read',
      match(named, '^(WRITE|Write|SELECT|OPERATE|DIRECT_OPERATE.*|ADD_ROUTE|mms_service_5)$'), 'modify',
      match(named, '^(READ_[A-Z_]+|IDENTIFY|cotp_cr|mms_(initiate|conclude|identify)|SESSION_[A-Z]+|KEEP_ALIVE|CONFIRM|DELAY_MEASURE)$')
        OR match(named, '^((RESET|TEST)_LINK_STATE|REQUEST_LINK_STATUS|Hello|(Open|Close)SecureChannel|FindServers|GetEndpoints)$')
        OR match(named, '^((Create|Activate|Close)Session|(SEARCH|DESCRIPTION|CONNECT|CONNECTIONSTATE|DISCONNECT)[A-Z_]*)$'),
        'probe',
      'input'
    ),
    'input'
  ) AS action,
  multiIf(
    connected, 'computer',
    action = 'authenticate', 'account',
    action IN ('read', 'modify') OR data_type = 'http', 'data',
    'process'
  ) AS target_kind,
  multiIf(
    connected, dst_ip,
    action = 'authenticate', '',
    data_type = 'snmp', oid,
    data_type = 'http', path,
    data_type = 'guardian_ast' AND event_type != '', substring(event_type, 5),
    data_type = 'modbus' AND modbus_function != '', concat('function ', modbus_function),
    data_type = 's7comm' AND s7_function != '', concat('function ', s7_function),
    bacnet_service != '', bacnet_service,
    named NOT IN ('', 'REQUEST', 'NEW_CONNECTION') AND event_type != 'MALFORMED', named,
    service
  ) AS target,
  multiIf(
    connected, 'success',
    action = 'authenticate' OR response = '', 'unknown',
    action = 'input', 'unknown',
    'success'
  ) AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  toIPv6OrDefault(dst_ip) AS destination_ip,
  dst_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  transform(
    data_type,
    ['IEC104', 'kamstrup_protocol', 'kamstrup_management_protocol'],
    ['iec104', 'kamstrup', 'kamstrup'],
    toString(data_type)
  ) AS service,
  if(
    data_type IN ('snmp', 'bacnet', 'tftp', 'ipmi', 'knxnetip', 'goose') OR data_type = 'ads' AND dst_port = 48899,
    'udp', 'tcp'
  ) AS transport,
  id AS session,
  if(action = 'authenticate', trimLeft(substring(asked, 5)), '') AS password,
  if(action = 'input', asked, '') AS command,
  if(data_type = 'http' AND host != '', concat('http://', host, path), '') AS url,
  if(data_type = 'http', agent, '') AS user_agent,
  mapFilter((name_of, content) -> content != '', map('event_type', toString(event_type))) AS extra

-- define yielding
data_type != ''
  AND (event_type = 'NEW_CONNECTION' OR request != '')
  -- DNP3 tells an answer, too, with the name of what was asked.
  AND event_type != 'RESPONSE'
  -- The log-in is told by PASS.
  AND NOT (data_type = 'ftp' AND match(request, '(?i)^(b.)?USER'))

-- from conpot_json
WITH
  {{use asked}}
SELECT
  {{use told}}
FROM (SELECT *, JSONExtractString(request, 'oid') AS oid FROM {{record conpot_json}})
WHERE {{use yielding}}

-- A row of a database has no type, but MySQL's of connections. What was asked, Python wrote as text: the object of SNMP,
-- whose value is empty where it is read, and the command of a tank gauge behind its \x01.
-- from conpot_db_events
WITH
  {{use asked}}
SELECT
  {{use told}}
FROM (
  SELECT
    sensor_id, generation, place, version, segment_id, collect_ts, detect_ts, detect_basis, attacker_ip,
    attacker_country, attacker_asn, src_port, record.session AS id, '' AS dst_ip, 0 AS dst_port, protocol AS data_type,
    record.event_type != '' OR record.request = 'None' AS asks_nothing,
    if(asks_nothing, '', record.request) AS request,
    if(record.response IN ('None', 'NA'), '', record.response) AS response,
    extract(request, '(?:\\\\x01|\x01)([IS][0-9]+)') AS gauge,
    extract(request, '\'oid\': u?\'([0-9.]+)\'') AS oid,
    multiIf(
      protocol = 'snmp' AND oid != '', if(match(request, '\'val\': u?\'\''), 'SNMP Get', 'SNMP Set'),
      protocol = 'guardian_ast' AND gauge != '', concat('AST ', gauge),
      record.event_type
    ) AS event_type
  FROM {{record conpot_db_events}} AS record
  WHERE version = 0
)
WHERE {{use yielding}}

-- The log tells the same as the JSON, with a request's own time: an operator has one or the other read.
-- from conpot_log
WITH
  toUInt8OrZero(if(what = 'modbus', toString(request), '')) AS modbus_function,
  extract(details, '(?i)\'host: *([^\'\\\\]+)') AS host,
  what = 'ftp' AND request = 'PASS' AS is_login
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    what IN ('connection', 'http', 'ipmi'), 'probe',
    what = 'snmp', if(endsWith(request, ' Set'), 'modify', 'read'),
    what = 'guardian_ast', multiIf(match(request, '^I[0-9]'), 'read', match(request, '^S[0-9]'), 'modify', 'input'),
    what = 'modbus', multiIf(
      modbus_function IN (1, 2, 3, 4, 20, 24), 'read',
      modbus_function IN (5, 6, 15, 16, 21, 22, 23), 'modify',
      modbus_function IN (7, 17, 43), 'probe',
      'input'
    ),
    is_login, 'authenticate',
    'input'
  ) AS action,
  multiIf(
    is_login, 'account',
    what IN ('connection', 'ipmi'), 'computer',
    action IN ('read', 'modify') OR what = 'http', 'data',
    'process'
  ) AS target_kind,
  multiIf(
    target_kind IN ('computer', 'account'), '',
    what IN ('http', 'snmp'), path,
    what = 'modbus', concat('function ', lower(hex(modbus_function))),
    what = 'guardian_ast' AND request != '', toString(request),
    toString(protocol)
  ) AS target,
  if(what IN ('connection', 'ipmi'), 'success', 'unknown') AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  toString(protocol) AS service,
  if(protocol IN ('snmp', 'ipmi', 'bacnet', 'tftp', 'knxnetip', 'goose'), 'udp', 'tcp') AS transport,
  session,
  if(is_login, trimLeft(substring(details, 5)), '') AS password,
  multiIf(
    action != 'input', '',
    what = 'ftp', details,
    details = '', toString(request),
    extract(details, '\'request\': b?\'([^\']*)')
  ) AS command,
  if(host = '', '', concat('http://', host, path)) AS url,
  extract(details, '(?i)\'user-agent: *([^\'\\\\]+)') AS user_agent
FROM {{record conpot_log}}
WHERE what != '' AND attacker_ip != toIPv6('::')
  -- The log-in is told by PASS.
  AND NOT (what = 'ftp' AND request = 'USER')

-- from conpot_statements
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(verb IN ('delete', 'drop', 'truncate'), 'delete', 'modify') AS action,
  'data' AS target_kind,
  arrayStringConcat(arrayFilter(part -> part != '', [database, `table`]), '.') AS target,
  if(`error` = 0, 'success', 'unknown') AS outcome,
  'unknown' AS direction,
  'host' AS vantage,
  'mysql' AS service,
  sql AS command,
  mapFilter((name_of, content) -> content != '', map('verb', toString(verb))) AS extra
FROM {{record conpot_statements}}
WHERE version = 0 AND verb != ''
