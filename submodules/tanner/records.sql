-- Landing table -> record table. Times carry no zone, but are UTC (datetime.utcnow of log_local.py).

-- into tanner_report
WITH
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.path = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.path = '' OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  {{client j.peer.ip j.headers['x-forwarded-for']}} AS attacker_ip,
  {{geo attacker_ip}},
  j.method AS method, j.path AS path, j.headers AS headers, j.uuid AS uuid, j.peer.ip AS peer_ip,
  accurateCastOrDefault(j.peer.port, 'UInt16') AS peer_port, accurateCastOrDefault(j.status, 'UInt16') AS status,
  j.post_data AS post_data, j.cookies AS cookies, j.response_msg.response.message.sess_uuid AS sess_uuid,
  j.response_msg.response.message.detection.name AS detection_name,
  accurateCastOrDefault(j.response_msg.response.message.detection.type, 'UInt8') AS detection_type,
  accurateCastOrDefault(j.response_msg.response.message.detection.order, 'UInt8') AS detection_order,
  j.response_msg.response.message.detection.version AS detection_version,
  j.response_msg.response.message.detection.payload AS detection_payload
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        method String, path String, headers Map(String, String), uuid String, peer Tuple(ip String, port Int64),
        status Int64, post_data Map(String, String), cookies Map(String, String),
        response_msg Tuple(response Tuple(message Tuple(sess_uuid String, detection Tuple(name String, `order` Int64, type Int64, version String, payload String)))),
        timestamp String
      )'
    )) AS j
  FROM {{landing tanner}}
)
