-- title: Sources
-- question: Who knocks?
-- column: src_ip = sender
-- column: contacts = connections and packets
-- column: sources = different addresses
-- chart: bar src_ip contacts
SELECT src_ip, count() AS contacts, uniqExact(attacker_ip) AS sources
FROM honeyd_packet
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind IN ('-', 'S')
GROUP BY src_ip
ORDER BY contacts DESC, src_ip
LIMIT 100
