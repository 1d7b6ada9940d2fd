-- Record tables -> event, by the command of PJL.

-- from miniprint_log
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    step = 'open_conn', 'probe',
    record.command IN ('fsdirlist', 'fsquery', 'info_id', 'info_status'), 'read',
    record.command = 'fsupload', 'steal',
    record.command = 'fsdownload' OR step = 'saving', 'download',
    record.command IN ('fsmkdir', 'rdymsg'), 'modify',
    'input'
  ) AS action,
  multiIf(action = 'probe', 'computer', action = 'input', 'process', 'data') AS target_kind,
  multiIf(
    action = 'probe' OR record.command = 'fsdownload', '',
    action = 'input' OR startsWith(record.command, 'info_'), 'pjl',
    details
  ) AS target,
  if(action = 'probe', 'success', 'unknown') AS outcome,
  attacker_ip AS source_ip,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'pjl' AS service,
  'tcp' AS transport,
  multiIf(action != 'input', '', step = 'cmd_unknown', details, upper(record.command)) AS command
FROM {{record miniprint_log}} AS record
WHERE step IN ('open_conn', 'cmd_unknown')
  -- FSDOWNLOAD is told when it is answered.
  OR record.command = 'fsdownload' AND step = 'response'
  OR step = 'saving' AND NOT startsWith(details, 'Nothing to save')
  OR step = 'request' AND record.command != 'handle'
  -- A second line says which path it took the name for.
  AND NOT match(details, '^(requested_item|requested file): ')

-- from miniprint_json
-- The first JSON (without a session) tells of a command when it came and again when it was answered, and of FSDOWNLOAD when
-- it is processed. The pages of the successor write a line for each request, and another for a log-in.
WITH
  session_id = '' AS is_first,
  protocol = 'http' AND action_ = 'request' AS is_page,
  protocol = 'http' AND action_ = 'auth' AS is_login,
  toValidUTF8(raw) AS line
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    is_login, 'authenticate',
    is_page OR event_ IN ('connection', 'empty_connection'), 'probe',
    event_ IN ('fsdirlist', 'fsquery', 'info_id', 'info_status'), 'read',
    event_ = 'fsupload', 'steal',
    event_ IN ('fsdownload', 'fsappend') OR startsWith(event_, 'save_'), 'download',
    event_ IN ('fsmkdir', 'fsinit', 'rdymsg'), 'modify',
    event_ = 'fsdelete', 'delete',
    'input'
  ) AS action,
  multiIf(
    is_login, 'account', is_page, 'data', action = 'probe', 'computer', action = 'input', 'process', 'data'
  ) AS target_kind,
  multiIf(
    is_login, username,
    is_page, JSONExtractString(line, 'url'),
    action = 'probe', dest_ip,
    action = 'input' OR startsWith(event_, 'info_'), 'pjl',
    file_name
  ) AS target,
  multiIf(
    event_ = 'default_password_success', 'success',
    is_login, 'failure',
    is_page OR event_ IN ('fsupload', 'unknown_command'), 'unknown',
    'success'
  ) AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  toIPv6OrDefault(dest_ip) AS destination_ip,
  dest_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  if(protocol = '', 'pjl', toString(protocol)) AS service,
  'tcp' AS transport,
  session_id AS session,
  if(is_login, JSONExtractString(line, 'username'), '') AS username,
  multiIf(
    action != 'input', '',
    payload_preview != '', payload_preview,
    event_ = 'unknown_command' AND record.command != '', toString(record.command),
    upper(event_)
  ) AS command,
  if(startsWith(event_, 'save_'), payload_sha256, '') AS file_sha256,
  if(is_page, JSONExtractString(line, 'user_agent'), '') AS user_agent,
  JSONExtractString(line, 'cve_hint') AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map(
      'event', toString(event_),
      'method', if(is_page, JSONExtractString(line, 'request'), ''),
      'size', if(size = 0, '', toString(size))
    )
  ) AS extra
FROM {{record miniprint_json}} AS record
WHERE attacker_ip != toIPv6('::')
  AND (
    is_page OR is_login
    OR event_ IN (
      'connection', 'empty_connection', 'echo', 'ustatusoff', 'unknown_command', 'fsdirlist', 'fsquery', 'info_id',
      'info_status', 'fsupload', 'fsdownload', 'fsappend', 'fsmkdir', 'fsinit', 'fsdelete', 'rdymsg'
    )
    -- Where nothing was there to be saved, no file is named.
    OR event_ IN ('save_raw_print_job', 'save_postscript', 'save_print_job') AND file_name != ''
  )
  AND NOT (
    is_first AND (action_ = 'response' OR action_ = 'process' AND info != 'Processing download')
  )
