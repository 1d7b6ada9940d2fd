-- Landing table -> record table. Times are local; their fraction is nanoseconds that lost their leading zeros (utils.c).

-- into sentrypeer_json
-- Since its servers are of Rust (4.0), addresses have their port behind them.
WITH
  extractGroups(j.event_timestamp, '^([0-9-]{10} [0-9:]{8})(?:[.]([0-9]{1,9}))?') AS t,
  if(length(t) = 0, NULL, parseDateTime64BestEffortOrNull(concat(t[1], '.', leftPad(t[2], 9, '0')), 6, 'UTC')) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.event_timestamp = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(replaceRegexpOne(j.source_ip, '^(?:([0-9.]+)|\\[(.*)\\]):[0-9]+$', '\\1\\2')) AS attacker_ip,
  {{geo attacker_ip}},
  j.app_name AS app_name, j.app_version AS app_version, j.event_uuid AS event_uuid,
  j.created_by_node_id AS created_by_node_id, j.collected_method AS collected_method,
  j.transport_type AS transport_type, j.source_ip AS source_ip, j.destination_ip AS destination_ip,
  j.called_number AS called_number, j.sip_method AS sip_method, j.sip_user_agent AS sip_user_agent,
  j.sip_message AS sip_message
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        app_name String, app_version String, event_uuid String, created_by_node_id String, collected_method String,
        transport_type String, source_ip String, destination_ip String, called_number String, sip_method String,
        sip_user_agent String, sip_message String, event_timestamp String
      )'
    )) AS j
  FROM {{landing sentrypeer}}
)
