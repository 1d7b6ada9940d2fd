-- Record tables -> event: a request is a probe, one with a name and a password a log-in.

-- from wordpot_log
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(startsWith(message, 'tried to login'), 'authenticate', 'probe') AS action,
  if(action = 'authenticate', 'account', 'data') AS target_kind,
  multiIf(
    action = 'authenticate', username,
    component != '', component,
    path != '', path,
    extract(message, '^probed author page for (?:user: )?(.*)$')
  ) AS target,
  if(action = 'authenticate', 'failure', 'unknown') AS outcome,
  attacker_ip AS source_ip,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'http' AS service,
  'tcp' AS transport,
  username,
  password,
  if(path = '', map(), map('path', path)) AS extra
FROM {{record wordpot_log}}
WHERE src_ip != ''
  -- A line of its own tells of the plugin or theme that timthumb and recent-backups belong to.
  AND NOT match(message, '^probed for (timthumb|recent-backups): ')

-- from wordpot_tpot
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(record.username != '' OR record.password != '', 'authenticate', 'probe') AS action,
  if(action = 'authenticate', 'account', 'data') AS target_kind,
  multiIf(
    action = 'authenticate', username,
    component != '', component,
    path != '', path,
    author != '', author,
    pathFull(url)
  ) AS target,
  if(action = 'authenticate', 'failure', 'unknown') AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  toIPv6OrDefault(dest_ip) AS destination_ip,
  dest_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'http' AS service,
  'tcp' AS transport,
  username,
  password,
  url,
  user_agent,
  mapFilter((name_of, content) -> content != '', map('path', if(path = '', path(url), path))) AS extra
FROM {{record wordpot_tpot}} AS record
WHERE attacker_ip != toIPv6('::')
  -- The text before told what timthumb belongs to.
  AND (message != '' OR plugin IN ('badlogin', 'commonfiles', 'userenumeration'))

-- from wordpot_json
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(record.username != '' OR record.password != '', 'authenticate', 'probe') AS action,
  if(action = 'authenticate', 'account', 'data') AS target_kind,
  multiIf(action = 'authenticate', record.username, component_slug != '', component_slug, path) AS target,
  multiIf(action = 'authenticate' OR response_status = 0, 'unknown', response_status < 400, 'success', 'failure') AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  toIPv6OrDefault(dest_ip) AS destination_ip,
  dest_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'http' AS service,
  'tcp' AS transport,
  username,
  password,
  url,
  user_agent,
  technique AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map(
      'method', toString(method), 'path', path, 'payload_sha256', payload_sha256,
      'status', if(response_status = 0, '', toString(response_status))
    )
  ) AS extra
FROM {{record wordpot_json}} AS record
WHERE request_id != ''
