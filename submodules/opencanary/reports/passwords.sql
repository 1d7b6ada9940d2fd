-- title: Top passwords
-- question: Which passwords are tried most? MySQL's and most of VNC's cannot be read.
-- column: password = the password that was tried
-- column: attempts = log-ins with it
-- column: sources = different addresses
-- chart: bar password attempts
SELECT if(logdata['PASSWORD'] != '', logdata['PASSWORD'], logdata['Password']) AS password, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM opencanary_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND logtype IN (2000, 3001, 4002, 6001, 7001, 9001, 9002) AND if(logdata['PASSWORD'] != '', logdata['PASSWORD'], logdata['Password']) != ''
GROUP BY password
ORDER BY attempts DESC, password
LIMIT 100
