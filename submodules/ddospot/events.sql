-- Record table -> event: every request is a probe of a server that could be abused to flood its sender.

-- define flow
-- A flow as its first request: later versions of the row count how many there were.
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'probe' AS action,
  'process' AS target_kind,
  {{1}} AS target,
  'success' AS outcome,
  attacker_ip AS source_ip,
  'inbound' AS direction,
  'honeypot' AS vantage,
  target AS service,
  'udp' AS transport,
  {{2}} AS destination_port

-- define sizes
  src_port AS source_port,
  mapFilter(
    (name_of, content) -> content != '0',
    map('req_size', toString(request_size), 'resp_size', toString(response_size), 'count', toString(`count`))
  ) AS extra

-- from ddospot_log
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'probe' AS action,
  'process' AS target_kind,
  if(pot = 'generic', '', toString(pot)) AS target,
  'success' AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  transform(toString(pot), ['chargen', 'dns', 'ntp', 'ssdp'], [19, 53, 123, 1900], dst_port) AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  target AS service,
  'udp' AS transport,
  multiIf(
    pot = 'ntp', lower(mode),
    pot = 'dns', concat(dns_cls, ' ', dns_type, ' ', dns_name),
    pot = 'ssdp', toString(st),
    ''
  ) AS command,
  mapFilter(
    (name_of, content) -> content NOT IN ('', '0'),
    map('req_size', toString(req_size), 'resp_size', toString(resp_size))
  ) AS extra
FROM {{record ddospot_log}}
WHERE pot != '' AND attacker_ip != toIPv6('::')

-- from ddospot_chargen_attack
SELECT
  {{use flow 'chargen' 19}},
  {{use sizes}}
FROM {{record ddospot_chargen_attack}}
WHERE version = 0 AND src_id != 0

-- from ddospot_dns_attack
SELECT
  {{use flow 'dns' 53}},
  concat(dns_cls, ' ', dns_type, ' ', domain_name) AS command,
  map('count', toString(`count`)) AS extra
FROM {{record ddospot_dns_attack}}
WHERE version = 0 AND src_id != 0

-- from ddospot_generic_attack
-- Which service it is, its configuration says and no row.
SELECT
  {{use flow '' dst_port}},
  {{use sizes}}
FROM {{record ddospot_generic_attack}}
WHERE version = 0 AND src_id != 0

-- from ddospot_ntp_attack
SELECT
  {{use flow 'ntp' 123}},
  transform(mode, [3, 6, 7], ['data', 'control', 'monlist'], toString(mode)) AS command,
  {{use sizes}}
FROM {{record ddospot_ntp_attack}}
WHERE version = 0 AND src_id != 0

-- from ddospot_ssdp_attack
SELECT
  {{use flow 'ssdp' 1900}},
  st AS command,
  {{use sizes}}
FROM {{record ddospot_ssdp_attack}}
WHERE version = 0 AND src_id != 0
