-- title: Addresses of downloads
-- question: Where is malware fetched from? The same address given by many sources is one campaign.
-- group: Inside
-- column: url = address that was to be fetched
-- column: events = times
-- column: sources = different attackers that gave it
-- column: files = different files that it gave
-- chart: table
SELECT url, count() AS events, uniqExact(attacker_ip) AS sources, uniqExactIf(file_sha256, file_sha256 != '') AS files
FROM event
WHERE {{events}} AND action = 'download' AND url != ''
GROUP BY url
ORDER BY sources DESC, events DESC, url
LIMIT 200
