-- Record table -> event.

-- from adbhoney_json
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    eventid = 'adbhoney.session.connect', 'probe',
    eventid = 'adbhoney.command.input', 'input',
    'download'
  ) AS action,
  multiIf(action = 'probe', 'computer', action = 'input', 'process', 'data') AS target_kind,
  multiIf(action = 'probe', dst_ip, action = 'input', 'shell', src_url != '', src_url, filename) AS target,
  if(action = 'input', 'unknown', 'success') AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  toIPv6OrDefault(dst_ip) AS destination_ip,
  dst_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'adb' AS service,
  'tcp' AS transport,
  session,
  input AS command,
  src_url AS url,
  shasum AS file_sha256
FROM {{record adbhoney_json}}
WHERE eventid IN (
  'adbhoney.session.connect', 'adbhoney.command.input', 'adbhoney.session.file_upload', 'adbhoney.session.file_download'
)
