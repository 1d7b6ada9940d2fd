-- title: Downloads
-- question: Which files came?
-- column: uri = where the file was to be had
-- column: times = times that it came
-- column: sources = different addresses
-- chart: bar uri times
SELECT arrayJoin(mapValues(mapFilter((name_of, content) -> match(name_of, '^uri_[0-9]+$'), downloads))) AS uri, count() AS times, uniqExact(attacker_ip) AS sources
FROM honeytrap_attackers
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND download_count > 0
GROUP BY uri
ORDER BY times DESC, uri
LIMIT 100
