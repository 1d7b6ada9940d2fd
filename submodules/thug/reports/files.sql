-- title: Files
-- question: Which files came?
-- column: md5 = MD5 of the file
-- column: type = what it is
-- column: times = times that it came
-- column: sources = different addresses
-- chart: table
SELECT arrayJoin(came).1 AS md5, arrayJoin(came).2 AS type, count() AS times, uniqExact(attacker_ip) AS sources
FROM ({{use analyses}})
GROUP BY md5, type
ORDER BY times DESC, md5, type
LIMIT 100
