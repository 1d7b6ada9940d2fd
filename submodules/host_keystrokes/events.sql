-- Record table -> event: each line that was typed is a command that a process got. One record may hold several lines; what
-- is typed without an end of line is a line too. Corrections stay in it as they were typed. An event's number in its record
-- has one byte: the last of 255 holds the rest.

-- from host_keystrokes_keystrokes
SELECT
  {{event_identity ordinal}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'input' AS action,
  'process' AS target_kind,
  program AS target,
  'unknown' AS outcome,
  if(remote_ip = '', 'internal', 'inbound') AS direction,
  attacker_ip AS source_ip,
  remote_port AS source_port,
  local_port AS destination_port,
  'host' AS vantage,
  transform(local_port, [21, 22, 23, 25, 80, 443, 445, 3306, 5432, 6379, 8080], ['ftp', 'ssh', 'telnet', 'smtp', 'http', 'http', 'smb', 'mysql', 'postgresql', 'redis', 'http'], '') AS service,
  if(remote_ip = '', '', 'tcp') AS transport,
  if(remote_ip = '', '', concat(remote_ip, ' ', toString(remote_port))) AS session,
  user AS username,
  line AS command,
  mapFilter(
    (name_of, content) -> content != '',
    map('container', toString(container), 'terminal', toString(terminal), 'pid', toString(pid), 'holder', toString(holder))
  ) AS extra
FROM (
  SELECT *, line, ordinal
  FROM (
    SELECT *, arrayFilter(one -> match(one, '[^\x00-\x1f\x7f]'), splitByRegexp('[\r\n]+', typed)) AS lines,
      if(length(lines) <= 255, lines, arrayPushBack(arraySlice(lines, 1, 254), arrayStringConcat(arraySlice(lines, 255), '\n'))) AS kept
    FROM {{record host_keystrokes_keystrokes}}
    WHERE kind = 'typed'
  )
  ARRAY JOIN kept AS line, arrayEnumerate(kept) AS ordinal
)
