-- Record table -> event: a connection is a probe, each file that came by it a download. Ordinals have a byte.

-- from honeytrap_attackers
WITH
  ordinal > 0 AS downloaded,
  concat('_', toString(ordinal - 1)) AS nth,
  extract(attack_payload, '^([A-Z]+ [^ ]+ HTTP/1)') != '' AS is_http,
  extract(attack_payload, '^[A-Z]+ ([^ \r\n]+) HTTP/1') AS path,
  extract(attack_payload, '(?i)\nhost: *([^\r\n]+)') AS host,
  -- Somebody else's server is asked for, through the honeypot.
  match(attack_payload, '^(CONNECT [^ ]+|[A-Z]+ https?://[^ ]+) HTTP/1') AND NOT downloaded AS proxied
SELECT
  {{event_identity ordinal}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(downloaded, 'download', proxied, 'bypass', 'probe') AS action,
  if(downloaded, 'data', 'computer') AS target_kind,
  multiIf(downloaded, downloads[concat('uri', nth)], proxied, path, attack_local_ip) AS target,
  if(proxied, 'unknown', 'success') AS outcome,
  attacker_ip AS source_ip,
  attack_remote_port AS source_port,
  toIPv6OrDefault(attack_local_ip) AS destination_ip,
  attack_local_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  multiIf(
    is_http, 'http',
    startsWith(attack_payload, 'SSH-'), 'ssh',
    startsWith(attack_payload, '\x03\x00\x00') AND position(attack_payload, 'Cookie: mstshash=') > 0, 'rdp',
    ''
  ) AS service,
  toString(attack_protocol) AS transport,
  multiIf(
    downloaded, downloads[concat('uri', nth)],
    NOT is_http OR startsWith(attack_payload, 'CONNECT '), '',
    startsWith(path, 'http'), path,
    concat('http://', host, path)
  ) AS url,
  if(
    service = 'ssh',
    extract(attack_payload, '^[^\r\n]*'),
    extract(attack_payload, '(?i)\nuser-agent: *([^\r\n]+)')
  ) AS user_agent,
  mapFilter(
    (name_of, content) -> content != '',
    map(
      'payload_md5', if(attack_payload_length = 0, '', attack_payload_md5_hash),
      'md5', if(downloaded, JSONExtractString(downloads[concat('payload', nth)], 'md5_hash'), ''),
      'filename', if(downloaded, downloads[concat('filename', nth)], '')
    )
  ) AS extra
FROM {{record honeytrap_attackers}}
ARRAY JOIN range(1 + least(254, toUInt32(length(mapFilter((name_of, content) -> match(name_of, '^uri_[0-9]+$'), downloads))))) AS ordinal
WHERE NOT is_virtual AND attacker_ip != toIPv6('::')
