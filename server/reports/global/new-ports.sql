-- title: New ports
-- question: Which ports had never been knocked at before, on these sensors?
-- group: New
-- column: destination_port = port, first touched in the period
-- column: first = first time of all
-- column: events = events with it in the period
-- chart: table
SELECT destination_port, min(detect_ts) AS first, count() AS events
FROM event
WHERE {{events}} AND destination_port != 0 AND destination_port GLOBAL NOT IN (SELECT destination_port FROM event WHERE {{events_before}})
GROUP BY destination_port
ORDER BY first DESC, destination_port
LIMIT 500
