-- title: Downloads
-- question: What is fetched? The same file from several places is one tool.
-- column: url = what was fetched
-- column: times = how often
-- column: sources = different addresses that fetched it
-- column: first = first time
-- column: last = last time
-- chart: table
SELECT url, count() AS times, uniqExact(attacker_ip) AS sources, min(detect_ts) AS first, max(detect_ts) AS last
FROM kippo_downloads
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY url
ORDER BY times DESC, url
LIMIT 100
