-- title: Log-ins (T-Pot 2024)
-- question: Which names and passwords are tried, by T-Pot's log of 2024?
-- column: username = name
-- column: password = password
-- column: attempts = log-ins with them
-- column: sources = different addresses
-- chart: table
SELECT username, password, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM wordpot_tpot
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND (username != '' OR password != '')
GROUP BY username, password
ORDER BY attempts DESC, username, password
LIMIT 100
