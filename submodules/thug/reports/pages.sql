-- title: Pages
-- question: Which pages were visited, and how many exploits were in them?
-- column: url = page
-- column: exploits = exploits in it
-- column: visits = analyses
-- column: sources = different addresses
-- chart: table
SELECT url, length(found) AS exploits, count() AS visits, uniqExact(attacker_ip) AS sources
FROM ({{use analyses}})
WHERE url != ''
GROUP BY url, exploits
ORDER BY visits DESC, url, exploits
LIMIT 100
