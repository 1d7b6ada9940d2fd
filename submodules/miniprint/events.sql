-- Record tables -> event, by the command of PJL.

-- from miniprint_log
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    step = 'open_conn', 'probe',
    record.command IN ('fsdirlist', 'fsquery', 'info_id', 'info_status'), 'read',
    record.command = 'fsupload', 'steal',
    record.command = 'fsdownload', 'download',
    record.command IN ('fsmkdir', 'rdymsg'), 'modify',
    'input'
  ) AS action,
  multiIf(action = 'probe', 'computer', action = 'input', 'process', 'data') AS target_kind,
  multiIf(action = 'probe', '', action = 'input' OR startsWith(record.command, 'info_'), 'pjl', details) AS target,
  if(action = 'probe', 'success', 'unknown') AS outcome,
  attacker_ip AS source_ip,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'pjl' AS service,
  'tcp' AS transport,
  multiIf(action != 'input', '', step = 'cmd_unknown', details, upper(record.command)) AS command
FROM {{record miniprint_log}} AS record
WHERE step IN ('open_conn', 'cmd_unknown')
  OR step = 'request' AND record.command != 'handle'
  -- A second line says which path it took the name for.
  AND NOT match(details, '^(requested_item|requested file): ')

-- from miniprint_json
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    event_ IN ('connection', 'empty_connection'), 'probe',
    event_ = 'fsdirlist', 'read',
    event_ = 'fsupload', 'steal',
    event_ IN ('fsdownload', 'fsappend', 'save_raw_print_job', 'save_postscript'), 'download',
    event_ IN ('fsmkdir', 'fsinit', 'rdymsg'), 'modify',
    event_ = 'fsdelete', 'delete',
    'input'
  ) AS action,
  multiIf(action = 'probe', 'computer', action = 'input', 'process', 'data') AS target_kind,
  multiIf(action = 'probe', dest_ip, action = 'input', 'pjl', file_name) AS target,
  if(event_ IN ('fsupload', 'unknown_command'), 'unknown', 'success') AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  toIPv6OrDefault(dest_ip) AS destination_ip,
  dest_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  toString(protocol) AS service,
  'tcp' AS transport,
  session_id AS session,
  if(action = 'input', if(payload_preview = '', upper(event_), payload_preview), '') AS command,
  if(startsWith(event_, 'save_'), payload_sha256, '') AS file_sha256,
  mapFilter((name_of, content) -> content != '', map('event', toString(event_), 'size', if(size = 0, '', toString(size)))) AS extra
FROM {{record miniprint_json}}
WHERE attacker_ip != toIPv6('::')
  AND event_ IN (
    'connection', 'empty_connection', 'echo', 'ustatusoff', 'unknown_command', 'fsdirlist', 'fsupload', 'fsdownload',
    'fsappend', 'fsmkdir', 'fsinit', 'fsdelete', 'rdymsg', 'save_raw_print_job', 'save_postscript'
  )
  -- Nothing was there to be saved.
  AND NOT (startsWith(event_, 'save_') AND payload_sha256 = '')
