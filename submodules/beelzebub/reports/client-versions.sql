-- title: Client versions
-- question: Which programs do clients say they are, over SSH and telnet?
-- column: Client = the client's own name
-- column: lines = lines with it
-- column: sources = different addresses
-- chart: bar Client lines
SELECT Client, count() AS lines, uniqExact(attacker_ip) AS sources
FROM beelzebub_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND Client != ''
GROUP BY Client
ORDER BY lines DESC, Client
LIMIT 100
