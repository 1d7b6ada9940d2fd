-- title: Payloads of alerts
-- question: What is sent against CVE-2018-0101?
-- column: payload_printable = what was sent
-- column: times = times that it came
-- column: sources = different addresses
-- chart: bar payload_printable times
SELECT payload_printable, count() AS times, uniqExact(attacker_ip) AS sources
FROM ciscoasa_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND what = 'alert'
GROUP BY payload_printable
ORDER BY times DESC, payload_printable
LIMIT 100
