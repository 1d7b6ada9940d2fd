-- title: Sources
-- question: Whom are the messages about?
-- column: address = address or network
-- column: messages = messages
-- column: sources = different addresses
-- chart: bar address messages
SELECT arrayJoin(source_addresses) AS address, count() AS messages, uniqExact(attacker_ip) AS sources
FROM idea_messages
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND notEmpty(source_addresses)
GROUP BY address
ORDER BY messages DESC, address
LIMIT 100
