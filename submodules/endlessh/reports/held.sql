-- title: Time lost
-- question: Whom did the honeypot hold longest?
-- column: host = the attacker's address
-- column: seconds = seconds that its clients were held
-- column: longest = longest time of one, in seconds
-- column: bytes = bytes that they were sent
-- chart: bar host seconds
SELECT host, round(arraySum(arraySort(groupArray(time))), 3) AS seconds, max(time) AS longest, sum(bytes) AS bytes
FROM endlessh_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND what = 'CLOSE'
GROUP BY host
ORDER BY seconds DESC, host
LIMIT 100
