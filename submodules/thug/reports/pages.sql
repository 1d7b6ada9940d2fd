-- title: Pages
-- question: Which pages were visited, and how many exploits were in them?
-- column: url = page
-- column: exploits = exploits in it
-- column: visits = analyses
-- column: sources = different addresses
-- chart: table
SELECT url, length(exploits) AS exploits, count() AS visits, uniqExact(attacker_ip) AS sources
FROM thug_analyses
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND url != ''
GROUP BY url, exploits
ORDER BY visits DESC, url, exploits
LIMIT 100
