-- title: Operating systems
-- question: Which systems do the attackers run? p0f guesses from the first packet; Dionaea has it only where p0f runs beside it.
-- column: system = operating system and version
-- column: connections = connections
-- column: sources = different addresses
-- chart: bar system connections
SELECT trimRight(concat(p0f_genre, ' ', p0f_detail)) AS system, count() AS connections, uniqExact(attacker_ip) AS sources
FROM dionaea_p0fs
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND NOT bitTest(flags, 3)
GROUP BY system
ORDER BY connections DESC, system
LIMIT 100
