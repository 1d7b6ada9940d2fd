-- Landing table -> record table. Times carry no zone, but are UTC (datetime.utcnow of log4pot-server.py). T-Pot has the type
-- of a line written as its `reason`.

-- into log4pot_log
WITH
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    type = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR type = '' OR type = 'request' AND attacker_ip = toIPv6('::'), 'partial',
    type NOT IN ('start', 'request', 'exploit', 'payload', 'exception', 'end'), 'unknown_kind',
    'ok'
  ) AS parse,
  {{client j.client j.headers['X-Forwarded-For']}} AS attacker_ip,
  {{geo attacker_ip}},
  if(j.type = '', j.reason, j.type) AS type, j.correlation_id AS correlation_id, j.client AS client,
  accurateCastOrDefault(j.port, 'UInt16') AS port, accurateCastOrDefault(j.server_port, 'UInt16') AS server_port,
  j.request AS request, j.headers AS headers, j.location AS location, j.payload AS payload,
  j.deobfuscated_payload AS deobfuscated_payload, j.ldap_sha256 AS ldap_sha256, j.class_sha256 AS class_sha256,
  j.generic_sha256 AS generic_sha256, j.urls AS urls, if(j.exception = '', j.error, j.exception) AS error
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        type String, reason String, correlation_id String, client String, port Int64, server_port Int64, request String,
        headers Map(String, String), location String, payload String, deobfuscated_payload String, ldap_sha256 String,
        class_sha256 String, generic_sha256 String, urls Map(String, String), error String, exception String,
        timestamp String
      )'
    )) AS j
  FROM {{landing log4pot}}
)

-- into log4pot_payloads
{{artifact_select log4pot}}
