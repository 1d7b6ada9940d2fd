-- Record table -> event: a change of state, not every reading.

-- from host_resources_readings
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  'flood' AS action,
  'component' AS target_kind,
  'cpu' AS target,
  'success' AS outcome,
  'internal' AS direction,
  'host' AS vantage,
  command,
  map('container', toString(container), 'process', process, 'pid', toString(pid), 'cpu_share', toString(cpu_share)) AS extra
FROM {{record host_resources_readings}}
WHERE kind = 'cpu_busy'
