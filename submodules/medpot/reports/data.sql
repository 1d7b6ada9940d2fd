-- title: What came
-- question: What is sent?
-- column: begins = its beginning, unprintable bytes as dots
-- column: times = times that it came
-- column: sources = different addresses
-- chart: bar begins times
SELECT replaceRegexpAll(toValidUTF8(substring(data, 1, 120)), '[^ -~]', '.') AS begins, count() AS times, uniqExact(attacker_ip) AS sources
FROM medpot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY begins
ORDER BY times DESC, begins
LIMIT 100
