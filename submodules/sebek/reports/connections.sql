-- title: Connections
-- question: Where did processes of the honeypot connect to, and who connected to them?
-- column: call = what was called
-- column: program = name of the process
-- column: remote = the other side
-- column: port = its port, of an accept the honeypot's
-- column: times = how often
-- column: last = the last time
-- chart: bar remote times
SELECT socket_call AS call, toValidUTF8(`command`) AS program, toString(remote_ip) AS remote,
  if(socket_call = 'accept', local_port, remote_port) AS port, count() AS times, max(detect_ts) AS last
FROM sebek_packets
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND parse = 'ok' AND socket_call IN ('connect', 'accept')
GROUP BY call, program, remote, port
ORDER BY times DESC, call, program, remote, port
LIMIT 100
