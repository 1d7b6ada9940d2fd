-- title: Visitors' systems
-- question: Which systems do visitors have, by their packets?
-- column: os = system, as Honeyd guesses it
-- column: contacts = connections and packets
-- column: sources = different addresses
-- chart: bar os contacts
SELECT os, count() AS contacts, uniqExact(attacker_ip) AS sources
FROM honeyd_packet
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND os != ''
GROUP BY os
ORDER BY contacts DESC, os
LIMIT 100
