-- title: Taken
-- question: Who took most, and stayed longest?
-- column: REMOTE_ADDR = the client's address
-- column: bytes = bytes that it took
-- column: seconds = longest time that it stayed, in seconds
-- chart: bar REMOTE_ADDR bytes
SELECT REMOTE_ADDR, sum(BYTES) AS bytes, round(max(DURATION) / 1000, 3) AS seconds
FROM hellpot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND message = 'FINISH'
GROUP BY REMOTE_ADDR
ORDER BY bytes DESC, REMOTE_ADDR
LIMIT 100
