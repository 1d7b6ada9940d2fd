-- Record table -> event, by the command. A C-GET is told when it began, as C-MOVE, and again when its images were sent.

-- from dicompot_log
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    msg = 'Connection from' OR record.Command = 'C-ECHO', 'probe',
    startsWith(msg, 'C-STORE'), 'download',
    record.Command = 'C-FIND', 'read',
    record.Command = 'C-GET' AND Files > 0, 'steal',
    'copy'
  ) AS action,
  if(action = 'probe', 'computer', 'data') AS target_kind,
  if(action = 'probe', '', 'images') AS target,
  multiIf(action = 'probe', 'success', action = 'download', 'failure', action = 'steal', 'success', 'unknown') AS outcome,
  attacker_ip AS source_ip,
  Port AS source_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'dicom' AS service,
  'tcp' AS transport,
  ID AS session,
  mapFilter(
    (name_of, content) -> content != '',
    map('command', toString(record.Command), 'files', if(Files > 0, toString(Files), ''))
  ) AS extra
FROM {{record dicompot_log}} AS record
WHERE msg = 'Connection from' OR startsWith(msg, 'C-STORE') OR record.Command IN ('C-ECHO', 'C-FIND', 'C-MOVE')
  OR record.Command = 'C-GET' AND Files > 0
