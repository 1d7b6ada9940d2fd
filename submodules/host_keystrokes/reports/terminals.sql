-- title: Terminals
-- question: Who typed how much, and where?
-- column: container = the container
-- column: terminal = the terminal
-- column: user = user of the program that read it
-- column: remote_ip = who had opened the connection; empty where none is known
-- column: bytes = bytes that were typed
-- column: corrections = times that a character was taken back
-- column: first_seen = the first time
-- column: last_seen = the newest
-- chart: table
SELECT container, terminal, user, remote_ip, sum(length(typed)) AS bytes, sum(countMatches(typed, '[\x08\x7f]')) AS corrections,
  min(detect_ts) AS first_seen, max(detect_ts) AS last_seen
FROM host_keystrokes_keystrokes
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND kind = 'typed'
GROUP BY container, terminal, user, remote_ip
ORDER BY last_seen DESC, container, terminal, user, remote_ip
LIMIT 100
