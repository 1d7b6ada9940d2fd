-- Record table -> event: a program that was started is a command that a process got.

-- from host_processes_executions
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'input' AS action,
  'process' AS target_kind,
  exe AS target,
  if(success, 'success', 'failure') AS outcome,
  if(remote_ip = '', 'internal', 'inbound') AS direction,
  attacker_ip AS source_ip,
  remote_port AS source_port,
  local_port AS destination_port,
  'host' AS vantage,
  transform(local_port, [21, 22, 23, 25, 80, 443, 445, 3306, 5432, 6379, 8080], ['ftp', 'ssh', 'telnet', 'smtp', 'http', 'http', 'smb', 'mysql', 'postgresql', 'redis', 'http'], '') AS service,
  if(remote_ip = '', '', 'tcp') AS transport,
  if(remote_ip = '', '', concat(remote_ip, ' ', toString(remote_port))) AS session,
  user AS username,
  command,
  mapFilter(
    (name_of, content) -> content != '',
    map('container', toString(container), 'parent', parent, 'cwd', cwd, 'pid', toString(pid), 'holder', toString(holder))
  ) AS extra
FROM {{record host_processes_executions}}
WHERE kind = 'executed'
