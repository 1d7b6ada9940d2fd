-- title: Messages
-- question: What do the devices log?
-- column: facility = facility
-- column: mnemonic = number or name of the message
-- column: lines = lines of it
-- column: sources = different addresses
-- chart: table
SELECT facility, mnemonic, count() AS lines, uniqExact(attacker_ip) AS sources
FROM cisco_syslog
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND mnemonic != ''
GROUP BY facility, mnemonic
ORDER BY lines DESC, facility, mnemonic
LIMIT 100
