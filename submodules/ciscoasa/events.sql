-- Record table -> event: a request is a probe, an alert an attempt to run code (CVE-2018-0101).

-- from ciscoasa_log
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(what = 'alert', 'input', startsWith(path, 'http'), 'bypass', 'probe') AS action,
  multiIf(what = 'alert', 'process', action = 'bypass' OR path = '', 'computer', 'data') AS target_kind,
  if(what = 'alert', 'webvpn', path) AS target,
  multiIf(what = 'alert', 'unknown', status < 400, 'success', 'failure') AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  if(path = '', '', 'http') AS service,
  if(what = 'alert', '', 'tcp') AS transport,
  if(what = 'alert', payload_printable, '') AS command,
  if(startsWith(path, 'http'), path, '') AS url,
  if(what = 'alert', 'CVE-2018-0101', '') AS signature,
  mapFilter((name_of, content) -> content != '', map('method', toString(method), 'status', if(status = 0, '', toString(status)))) AS extra
FROM {{record ciscoasa_log}}
WHERE what IN ('request', 'alert') AND attacker_ip != toIPv6('::')
