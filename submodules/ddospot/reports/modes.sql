-- title: Modes of NTP
-- question: In which modes are NTP servers asked?
-- column: mode = MONLIST, CONTROL, DATA …
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar mode requests
SELECT mode, count() AS requests, uniqExact(attacker_ip) AS sources
FROM ddospot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND mode != ''
GROUP BY mode
ORDER BY requests DESC, mode
LIMIT 100
