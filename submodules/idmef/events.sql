-- Record tables -> event: every alert is one. Heartbeats of analyzers are no step of an attacker.

-- from idmef_messages
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  -- By the impact's type where the analyzer says one, else by the words of the classification.
  multiIf(
    impact_type = 'dos', 'flood',
    impact_type IN ('admin', 'user'), 'bypass',
    match(classification, '(?i)scan'), 'scan',
    match(classification, '(?i)flood|denial.of.service|ping.of.death'), 'flood',
    match(classification, '(?i)log-?in|brute|password|authentication'), 'authenticate',
    'probe'
  ) AS action,
  if(target_user != '', 'account', 'computer') AS target_kind,
  multiIf(target_user != '', target_user, empty(target_addresses), target_names[1], target_addresses[1]) AS target,
  transform(toString(completion), ['succeeded', 'failed'], ['success', 'failure'], 'unknown') AS outcome,
  attacker_ip AS source_ip,
  record.source_port AS source_port,
  toIPv6OrDefault(target_addresses[1]) AS destination_ip,
  target_port AS destination_port,
  'unknown' AS direction,
  'network' AS vantage,
  transform(lower(target_service), ['www', 'epmap'], ['http', 'epmapper'], lower(target_service)) AS service,
  lower(extract(
    toValidUTF8(raw),
    '(?i)(?:<(?:[A-Za-z_][\\w.-]*:)?(?:protocol|name)>\\s*|\\biana_protocol_name\\s*=\\s*["\'])(tcp|udp|icmp)\\b'
  )) AS transport,
  target_user AS username,
  target_url AS url,
  classification AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map(
      'analyzer', if(analyzerid = '', analyzer_name, analyzerid),
      'severity', toString(severity),
      'references', arrayStringConcat(`references`, ' '),
      'spoofed', if(spoofed = 'yes', 'yes', ''),
      'sources', if(length(source_addresses) > 1, arrayStringConcat(source_addresses, ' '), ''),
      'targets', if(length(target_addresses) > 1, arrayStringConcat(target_addresses, ' '), ''),
      'file', target_file
    )
  ) AS extra
FROM {{record idmef_messages}} AS record
-- A message that a limit cut may say nothing yet.
WHERE kind = 'alert' AND (classification != '' OR notEmpty(source_addresses) OR notEmpty(target_addresses))
