-- title: Simulated addresses
-- question: Which of the simulated computers are visited?
-- column: dst_ip = address that was simulated
-- column: contacts = connections and packets
-- column: sources = different addresses
-- chart: bar dst_ip contacts
SELECT dst_ip, count() AS contacts, uniqExact(attacker_ip) AS sources
FROM honeyd_packet
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind IN ('-', 'S')
GROUP BY dst_ip
ORDER BY contacts DESC, dst_ip
LIMIT 100
