-- Record table -> event: a program that was started is a command that a process got.

-- from host_processes_executions
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'input' AS action,
  'process' AS target_kind,
  exe AS target,
  if(success, 'success', 'failure') AS outcome,
  'internal' AS direction,
  'host' AS vantage,
  user AS username,
  command,
  mapFilter(
    (name_of, content) -> content != '',
    map('container', toString(container), 'parent', parent, 'cwd', cwd, 'pid', toString(pid))
  ) AS extra
FROM {{record host_processes_executions}}
WHERE kind = 'executed'
