-- Landing table -> record table. Times end in Z. A virtual attack is what a module decoded out of another attack's payload:
-- all its addresses and times are empty (0.0.0.0, 1970), and it has the time of receipt.

-- into honeytrap_attackers
WITH
  if(length(j.start_time) >= 19, parseDateTime64BestEffortOrNull(j.start_time, 6, 'UTC'), NULL) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.start_time = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR j.start_time = '', 'partial',
    NOT j.is_virtual AND (NOT sensible OR attacker_ip = toIPv6('::')), 'partial',
    'ok'
  ) AS parse,
  if(j.is_virtual, toIPv6('::'), toIPv6OrDefault(j.attack_connection.remote_ip)) AS attacker_ip,
  {{geo attacker_ip}},
  j.is_virtual AS is_virtual,
  ifNull(parseDateTime64BestEffortOrNull(j.end_time, 6, 'UTC'), toDateTime64(0, 6, 'UTC')) AS end_time,
  j.attack_connection.protocol AS attack_protocol, j.attack_connection.remote_ip AS attack_remote_ip,
  accurateCastOrDefault(j.attack_connection.remote_port, 'UInt16') AS attack_remote_port,
  j.attack_connection.local_ip AS attack_local_ip,
  accurateCastOrDefault(j.attack_connection.local_port, 'UInt16') AS attack_local_port,
  j.attack_connection.payload.md5_hash AS attack_payload_md5_hash,
  j.attack_connection.payload.sha512_hash AS attack_payload_sha512_hash,
  accurateCastOrDefault(j.attack_connection.payload.length, 'UInt32') AS attack_payload_length,
  if(length(j.attack_connection.payload.data_hex) % 2 = 0 AND match(j.attack_connection.payload.data_hex, '^[0-9a-fA-F]*$'), unhex(j.attack_connection.payload.data_hex), '') AS attack_payload,
  j.proxy_connection.protocol AS proxy_protocol, j.proxy_connection.remote_ip AS proxy_remote_ip,
  accurateCastOrDefault(j.proxy_connection.remote_port, 'UInt16') AS proxy_remote_port,
  j.proxy_connection.local_ip AS proxy_local_ip,
  accurateCastOrDefault(j.proxy_connection.local_port, 'UInt16') AS proxy_local_port,
  j.proxy_connection.payload.md5_hash AS proxy_payload_md5_hash,
  j.proxy_connection.payload.sha512_hash AS proxy_payload_sha512_hash,
  accurateCastOrDefault(j.proxy_connection.payload.length, 'UInt32') AS proxy_payload_length,
  accurateCastOrDefault(j.operation_mode, 'UInt8') AS operation_mode,
  accurateCastOrDefault(j.download_count, 'UInt32') AS download_count,
  accurateCastOrDefault(j.download_tries, 'UInt32') AS download_tries, j.downloads AS downloads
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        is_virtual Bool, end_time String, operation_mode Int64, download_count Int64, download_tries Int64,
        downloads Map(String, String), start_time String,
        attack_connection Tuple(protocol String, remote_ip String, remote_port Int64, local_ip String, local_port Int64,
          payload Tuple(md5_hash String, sha512_hash String, length Int64, data_hex String)),
        proxy_connection Tuple(protocol String, remote_ip String, remote_port Int64, local_ip String, local_port Int64,
          payload Tuple(md5_hash String, sha512_hash String, length Int64))
      )'
    )) AS j
  FROM {{landing honeytrap}}
)
