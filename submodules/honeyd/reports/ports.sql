-- title: Ports
-- question: Which ports are knocked at?
-- column: port = port of the simulated address
-- column: proto = its protocol
-- column: contacts = connections and packets
-- column: sources = different addresses
-- chart: bar port contacts
SELECT dst_port AS port, proto, count() AS contacts, uniqExact(attacker_ip) AS sources
FROM honeyd_packet
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind IN ('-', 'S') AND dst_port > 0
GROUP BY port, proto
ORDER BY contacts DESC, port, proto
LIMIT 100
