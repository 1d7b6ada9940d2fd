-- title: Typed lines
-- question: What was typed most often?
-- column: line = the line, without its end
-- column: times = how often
-- column: terminals = at how many terminals
-- column: last_seen = the newest
-- chart: table
SELECT line, count() AS times, uniqExact(container, terminal) AS terminals, max(detect_ts) AS last_seen
FROM host_keystrokes_keystrokes
ARRAY JOIN arrayFilter(one -> match(one, '[^\x00-\x1f\x7f]'), splitByRegexp('[\r\n]+', typed)) AS line
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind = 'typed'
GROUP BY line
ORDER BY times DESC, line
LIMIT 100
