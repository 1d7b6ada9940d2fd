-- Record table -> event, by the operation of IPP.

-- from ipphoney_json
WITH lower(operation) AS asked
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    eventid = 'ipphoney.connect', 'probe',
    startsWith(asked, 'get-'), 'read',
    asked IN ('print-job', 'print-uri', 'send-document', 'send-uri'), 'download',
    startsWith(asked, 'set-'), 'modify',
    'input'
  ) AS action,
  if(action = 'input', 'process', 'data') AS target_kind,
  multiIf(action = 'probe', record.url, action = 'download' AND sha256 != '', sha256, toString(operation)) AS target,
  if(action = 'probe' OR action = 'read' OR sha256 != '', 'success', 'unknown') AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  toIPv6OrDefault(dst_ip) AS destination_ip,
  dst_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'ipp' AS service,
  'tcp' AS transport,
  if(action = 'input', toString(operation), '') AS command,
  if(dst_ip = '', '', concat('http://', if(position(dst_ip, ':') > 0, concat('[', dst_ip, ']'), dst_ip), ':', toString(dst_port), record.url)) AS url,
  sha256 AS file_sha256,
  user_agent,
  mapFilter((name_of, content) -> content != '', map('method', toString(request))) AS extra
FROM {{record ipphoney_json}} AS record
WHERE startsWith(eventid, 'ipphoney.')
