-- Landing table -> record table. mongoexport writes a time as text with its zone, or as milliseconds since 1970.

-- into mhn_sessions
WITH
  if(match(j.timestamp.`$date`, '^[0-9]{12,13}$'), toString(fromUnixTimestamp64Milli(toInt64OrZero(j.timestamp.`$date`), 'UTC')), replaceRegexpOne(j.timestamp.`$date`, '[+]0000$', 'Z')) AS moment,
  if(length(moment) >= 19, parseDateTime64BestEffortOrNull(moment, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.honeypot = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.honeypot = '' OR attacker_ip = toIPv6('::'), 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(j.source_ip) AS attacker_ip,
  {{geo attacker_ip}},
  j._id.`$oid` AS id_, j.honeypot AS honeypot, j.identifier AS identifier, j.protocol AS protocol,
  j.source_ip AS source_ip, accurateCastOrDefault(j.source_port, 'UInt16') AS source_port,
  j.destination_ip AS destination_ip, accurateCastOrDefault(j.destination_port, 'UInt16') AS destination_port,
  j.auth_attempts AS auth_attempts, j.session_ssh.version AS ssh_version, j.session_http.request.verb AS http_verb,
  j.session_http.request.host AS http_host, j.session_http.request.path AS http_path,
  j.session_http.request.body AS http_body,
  if(j.snort.signature = '', j.suricata.signature, j.snort.signature) AS signature
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        `_id` Tuple(`$oid` String), honeypot String, identifier String, protocol String, source_ip String,
        source_port Int64, destination_ip String, destination_port Int64,
        auth_attempts Array(Tuple(login String, password String)), session_ssh Tuple(version String),
        session_http Tuple(request Tuple(verb String, host String, path String, body String)),
        snort Tuple(signature String, classification String, priority Int64), suricata Tuple(signature String),
        timestamp Tuple(`$date` String)
      )'
    )) AS j
  FROM {{landing mhn}}
)
