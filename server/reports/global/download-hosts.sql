-- title: Hosts of downloads
-- question: Which hosts serve the malware, under how many names of files? Campaigns change the name before the host.
-- group: Inside
-- column: host = host of the address
-- column: events = times
-- column: urls = different addresses on it
-- column: sources = different attackers that gave one
-- chart: bar host events
SELECT domain(url) AS host, count() AS events, uniqExact(url) AS urls, uniqExact(attacker_ip) AS sources
FROM event
WHERE {{events}} AND action = 'download' AND url != '' AND host != ''
GROUP BY host
ORDER BY events DESC, host
LIMIT 200
