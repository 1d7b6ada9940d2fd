-- title: Contacts per hour
-- question: When is knocked?
-- column: hour = hour in UTC
-- column: contacts = connections and packets
-- column: sources = different addresses
-- chart: line hour contacts sources
SELECT toStartOfHour(detect_ts) AS hour, count() AS contacts, uniqExact(attacker_ip) AS sources
FROM honeyd_packet
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind IN ('-', 'S')
GROUP BY hour
ORDER BY hour
LIMIT 10000
