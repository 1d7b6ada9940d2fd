-- title: Typed lines
-- question: What was typed, line by line? A shell that edits lines reads one key at a time; here the keys of a process are put together.
-- column: honeypot = address of the honeypot
-- column: pid = process that read them
-- column: program = its name
-- column: uid = its user
-- column: started = first key of the line
-- column: typed = the line
-- chart: table
SELECT from_ip AS honeypot, pid, program, uid, min(at) AS started, arrayStringConcat(groupArray(key)) AS typed
FROM (
  SELECT from_ip, pid, toValidUTF8(`command`) AS program, uid, detect_ts AS at, toValidUTF8(`data`) AS key,
    sum(endsWith(`data`, '\n') OR endsWith(`data`, '\r')) OVER (PARTITION BY sensor_id, from_ip, pid ORDER BY detect_ts, counter, place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS line,
    sensor_id
  FROM sebek_packets
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND parse = 'ok' AND kind = 'read' AND fd = 0
  ORDER BY detect_ts, counter, place
)
GROUP BY sensor_id, from_ip, pid, program, uid, line
ORDER BY started, honeypot, pid, typed, sensor_id
LIMIT 1000
