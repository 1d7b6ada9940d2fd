-- Record tables -> event: what begins a contact is a probe. The lines of services are the operator's scripts' own words.

-- from honeyd_packet
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'probe' AS action,
  'computer' AS target_kind,
  dst_ip AS target,
  if(kind = 'S', 'success', 'unknown') AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  toIPv6OrDefault(dst_ip) AS destination_ip,
  dst_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  if(proto = 'unkn', '', toString(proto)) AS transport,
  os AS fingerprint,
  mapFilter(
    (name_of, content) -> content != '',
    map('flags', toString(tcp_flags), 'icmp_type', if(proto = 'icmp', toString(icmp_type), ''), 'remark', toString(remark))
  ) AS extra
FROM {{record honeyd_packet}}
WHERE toIPv6OrDefault(dst_ip) != toIPv6('::') AND (
  kind = 'S'
  -- Packets with ACK or RST are left over from a contact that began before; ICMP that asks begins one.
  OR kind = '-' AND NOT (proto = 'tcp' AND match(tcp_flags, 'A|R')) AND NOT (proto = 'icmp' AND icmp_type NOT IN (8, 13, 15, 17))
)
