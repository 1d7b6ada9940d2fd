-- Record table -> event: what happened to data. A new file whose bytes were taken is a download, whoever brought it.

-- from host_files_changes
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(kind = 'deleted', 'delete', kind = 'created' AND type = 'file' AND sha256 != '', 'download', 'modify') AS action,
  'data' AS target_kind,
  path AS target,
  'success' AS outcome,
  'internal' AS direction,
  'host' AS vantage,
  sha256 AS file_sha256,
  mapFilter(
    (name_of, content) -> content != '',
    map(
      'container', toString(container), 'change', toString(kind), 'type', toString(type), 'mode', toString(mode),
      'link_target', record.target, 'not_taken', toString(not_taken)
    )
  ) AS extra
FROM {{record host_files_changes}} AS record
WHERE kind IN ('created', 'changed', 'attributes', 'deleted')
