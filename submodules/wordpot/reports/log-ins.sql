-- title: Log-ins
-- question: Which names and passwords are tried?
-- column: username = name
-- column: password = password
-- column: attempts = log-ins with them
-- column: sources = different addresses
-- chart: table
SELECT username, password, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM wordpot_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND (username != '' OR password != '')
GROUP BY username, password
ORDER BY attempts DESC, username, password
LIMIT 100
