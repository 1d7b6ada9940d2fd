-- Record table -> event: every line is a SIP request.

-- from sentrypeer_json
-- What a message does not say is NOT_FOUND (sip_parser.c).
WITH
  replaceRegexpOne(record.called_number, '^NOT_FOUND$', '') AS number_called,
  -- An address by itself, or with its port behind it.
  '^(?:([0-9.]+)|\\[(.*)\\]):([0-9]+)$' AS with_port,
  toIPv6OrDefault(replaceRegexpOne(record.destination_ip, with_port, '\\1\\2')) AS spoken_to
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(sip_method IN ('', 'OPTIONS'), 'probe', sip_method = 'REGISTER', 'authenticate', 'input') AS action,
  if(action = 'authenticate', 'account', 'process') AS target_kind,
  if(action = 'authenticate', number_called, 'sip') AS target,
  'unknown' AS outcome,
  attacker_ip AS source_ip,
  toUInt16OrZero(extractGroups(record.source_ip, with_port)[3]) AS source_port,
  if(spoken_to = toIPv6('0.0.0.0'), toIPv6('::'), spoken_to) AS destination_ip,
  toUInt16OrZero(extractGroups(record.destination_ip, with_port)[3]) AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'sip' AS service,
  if(transport_type = 'UDP', 'udp', 'tcp') AS transport,
  if(action = 'authenticate', number_called, '') AS username,
  toString(sip_method) AS command,
  replaceRegexpOne(sip_user_agent, '^NOT_FOUND$', '') AS user_agent,
  mapFilter(
    (name_of, content) -> content != '',
    map('called_number', if(action = 'authenticate', '', number_called), 'collected_method', toString(collected_method))
  ) AS extra
FROM {{record sentrypeer_json}} AS record
WHERE attacker_ip != toIPv6('::')
