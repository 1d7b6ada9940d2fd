-- Landing table -> record table. Times have their zone. Where a client sent X-Forwarded-For, H0neytr4p takes its word for the
-- address: then it is nobody's. An IPv6 address stands in brackets.

-- into h0neytr4p_log
WITH
  match(j.timestamp, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS shown,
  if(has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_zone, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.timestamp = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.request_uri = '' OR attacker_ip = toIPv6('::') AND header_x_forwarded_for = '', 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(if(j.`header_x-forwarded-for` = '', trim(BOTH '[]' FROM j.src_ip), '')) AS attacker_ip,
  {{geo attacker_ip}},
  j.src_ip AS src_ip, toUInt16OrZero(j.dest_port) AS dest_port, j.request_method AS request_method,
  j.protocol AS protocol, j.hostname AS hostname, j.request_uri AS request_uri, j.trapped = 'true' AS trapped,
  j.trapped_for AS trapped_for, j.trapped_risk_rating AS trapped_risk_rating, j.`user-agent` AS user_agent,
  j.payload AS payload, j.payload_hash_md5 AS payload_hash_md5, j.payload_filename AS payload_filename,
  j.payload_mime_type AS payload_mime_type, j.header_authorization AS header_authorization,
  j.`header_x-forwarded-for` AS header_x_forwarded_for
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        src_ip String, dest_port String, request_method String, protocol String, hostname String, request_uri String,
        trapped String, trapped_for String, trapped_risk_rating String, `user-agent` String, payload String,
        payload_hash_md5 String, payload_filename String, payload_mime_type String, header_authorization String,
        `header_x-forwarded-for` String, timestamp String
      )'
    )) AS j
  FROM {{landing h0neytr4p}}
)

-- into h0neytr4p_payloads
{{artifact_select h0neytr4p}}
