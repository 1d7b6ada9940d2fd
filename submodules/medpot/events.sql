-- Record table -> event: a message of HL7 is an input, anything else a probe.

-- from medpot_log
WITH match(data, '(^|[\x0b\r\n])MSH\\|') AS is_message
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(is_message, 'input', 'probe') AS action,
  if(is_message, 'process', 'computer') AS target_kind,
  if(is_message, 'hl7', '') AS target,
  if(is_message, 'unknown', 'success') AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  'hl7' AS service,
  'tcp' AS transport,
  if(is_message, toValidUTF8(data), '') AS command
FROM {{record medpot_log}}
WHERE attacker_ip != toIPv6('::')
