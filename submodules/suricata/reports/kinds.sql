-- title: Kinds of lines
-- question: What does Suricata log? Much more flow and protocols than alerts is normal.
-- column: event_type = kind of the line
-- column: lines = lines of it
-- column: sources = different addresses
-- chart: bar event_type lines
SELECT event_type, count() AS lines, uniqExact(attacker_ip) AS sources
FROM suricata_eve
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND event_type != ''
GROUP BY event_type
ORDER BY lines DESC, event_type
LIMIT 100
