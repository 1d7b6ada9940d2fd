-- title: Categories
-- question: What was seen?
-- column: category = category of IDEA
-- column: messages = messages
-- column: sources = different addresses
-- chart: bar category messages
SELECT arrayJoin(Category) AS category, count() AS messages, uniqExact(attacker_ip) AS sources
FROM idea_messages
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND notEmpty(Category)
GROUP BY category
ORDER BY messages DESC, category
LIMIT 100
