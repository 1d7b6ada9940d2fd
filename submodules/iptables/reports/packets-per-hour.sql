-- title: Packets per hour
-- question: When is knocked?
-- column: hour = hour in UTC
-- column: packets = packets that begin a contact
-- column: sources = different addresses
-- chart: line hour packets sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS packets, uniqExact(attacker_ip) AS sources
FROM (
  SELECT detect_ts, sensor_id, attacker_ip, SRC AS src, DPT AS port, lower(PROTO) AS transport, PREFIX AS prefix
  FROM iptables_kernel WHERE SRC != '' AND NOT match(FLAGS, 'ACK|RST')
  UNION ALL
  SELECT detect_ts, sensor_id, attacker_ip, src_ip, dest_port, transform(protocol, [1, 6, 17, 58], ['icmp', 'tcp', 'udp', 'icmpv6'], toString(protocol)), prefix
  FROM iptables_ulogd WHERE src_ip != '' AND ack = 0 AND rst = 0
)
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY hour
ORDER BY hour
LIMIT 10000
