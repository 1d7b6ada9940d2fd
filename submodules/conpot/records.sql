-- Landing table -> record table. Times carry no zone, but are UTC (datetime.utcnow of attack_session.py).

-- into conpot_json
WITH
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.data_type = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.data_type = '' OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j.sensorid AS sensorid, j.`id` AS `id`, j.src_ip AS src_ip,
  accurateCastOrDefault(j.src_port, 'UInt16') AS src_port, j.dst_ip AS dst_ip,
  accurateCastOrDefault(j.dst_port, 'UInt16') AS dst_port, j.public_ip AS public_ip, j.data_type AS data_type,
  j.event_type AS event_type, j.request AS request, j.response AS response
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        sensorid String, `id` String, src_ip String, src_port Int64, dst_ip String, dst_port Int64,
        public_ip String, data_type String, event_type String, request String, response String, timestamp String
      )'
    )) AS j
  FROM {{landing conpot}}
)
