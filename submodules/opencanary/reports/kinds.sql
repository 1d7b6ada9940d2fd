-- title: Kinds of lines
-- question: What does this honeypot see?
-- column: logtype = kind of the line, as in kinds.json
-- column: lines = lines of it
-- column: sources = different addresses
-- chart: bar logtype lines
SELECT logtype, count() AS lines, uniqExact(attacker_ip) AS sources
FROM opencanary_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND logtype >= 2000
GROUP BY logtype
ORDER BY lines DESC, logtype
LIMIT 100
