-- title: New files
-- question: Which files had never come before, to these sensors?
-- group: New
-- column: file_sha256 = SHA-256, first seen in the period
-- column: first = first time of all
-- column: events = events with it in the period
-- chart: table
SELECT file_sha256, min(detect_ts) AS first, count() AS events
FROM event
WHERE {{events}} AND file_sha256 != '' AND file_sha256 GLOBAL NOT IN (SELECT file_sha256 FROM event WHERE {{events_before}})
GROUP BY file_sha256
ORDER BY first DESC, file_sha256
LIMIT 500
