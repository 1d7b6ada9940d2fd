-- Record table -> event: every request is a probe of a server that could be abused to flood its sender.

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
