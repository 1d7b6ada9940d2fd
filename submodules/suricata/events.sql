-- Record table -> event: alerts alone. What Suricata saw without a rule is a record: the honeypot tells of the attack.

-- from suricata_eve
WITH
  -- Since 7.0 an alert says which way its packet went; the event's source is always who began the connection.
  attacker_ip != toIPv6OrDefault(src_ip) AS answered,
  toValidUTF8(raw) AS line,
  -- Where the Host header names one.
  JSONExtractUInt(line, 'http', 'http_port') AS http_port
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  -- By the classifications of Suricata's classification.config and of the Emerging Threats rules.
  transform(
    alert_category,
    ['Attempted User Privilege Gain', 'Unsuccessful User Privilege Gain', 'Successful User Privilege Gain',
      'Attempted Administrator Privilege Gain', 'Successful Administrator Privilege Gain',
      'Web Application Attack', 'Executable code was detected', 'Exploit Kit Activity Detected',
      'Attempted Denial of Service', 'Denial of Service', 'Detection of a Denial of Service Attack',
      'An attempted login using a suspicious username was detected',
      'Attempt to login by a default username and password', 'Successful Credential Theft Detected',
      'Detection of a Network Scan'],
    ['bypass', 'bypass', 'bypass', 'bypass', 'bypass', 'bypass', 'bypass', 'bypass', 'flood', 'flood', 'flood',
      'authenticate', 'authenticate', 'authenticate', 'scan'],
    'probe'
  ) AS action,
  'computer' AS target_kind,
  replaceRegexpOne(toString(destination_ip), '^::ffff:', '') AS target,
  if(startsWith(alert_category, 'Successful'), 'success', if(alert_action = 'blocked', 'failure', 'unknown')) AS outcome,
  attacker_ip AS source_ip,
  if(answered, record.dest_port, record.src_port) AS source_port,
  toIPv6OrDefault(if(answered, record.src_ip, record.dest_ip)) AS destination_ip,
  if(answered, record.src_port, record.dest_port) AS destination_port,
  'unknown' AS direction,
  'network' AS vantage,
  multiIf(
    app_proto IN ('', 'failed'), if(http_url = '', '', 'http'),
    transform(toString(app_proto), ['ftp-data', 'http2', 'pgsql', 'rfb'], ['ftp', 'http', 'postgresql', 'vnc'], toString(app_proto))
  ) AS service,
  if(proto = 'IPv6-ICMP', 'icmp', lower(proto)) AS transport,
  if(flow_id = 0, '', toString(flow_id)) AS session,
  multiIf(
    match(http_url, '^(?i)https?://'), http_url,
    http_hostname = '', '',
    concat('http://', http_hostname, if(http_port = 0, '', concat(':', toString(http_port))), http_url)
  ) AS url,
  -- Since 6.0 an alert lists the files of its transaction.
  if(fileinfo_sha256 = '', JSONExtractString(line, 'files', 1, 'sha256'), fileinfo_sha256) AS file_sha256,
  multiIf(tls_ja4 != '', tls_ja4, tls_ja3 != '', tls_ja3, ssh_hassh) AS fingerprint,
  if(http_user_agent = '', ssh_client, http_user_agent) AS user_agent,
  alert_signature AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map(
      'signature_id', concat(toString(alert_gid), ':', toString(alert_signature_id), ':', toString(alert_rev)),
      'category', toString(alert_category),
      'severity', toString(alert_severity),
      'cve', toString(cve),
      'community_id', community_id
    )
  ) AS extra
FROM {{record suricata_eve}} AS record
WHERE event_type = 'alert' AND alert_signature_id != 0
