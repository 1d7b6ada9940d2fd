-- Landing table -> record table. Every kind of EVE has the same head and an object of its own name; the parts of it that
-- reports and filters need are columns `<object>_<field>`, the rest stays in `raw`.

-- into suricata_eve
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
    j.event_type = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR j.event_type = '' OR NOT sensible, 'partial',
    j.event_type NOT IN (
      'alert', 'anomaly', 'arp', 'bittorrent_dht', 'dcerpc', 'dhcp', 'dnp3', 'dns', 'doh2', 'drop', 'engine',
      'enip', 'fileinfo', 'flow', 'frame', 'ftp', 'ftp_data', 'http', 'http2', 'ike', 'ikev2', 'inspectedrules',
      'krb5', 'ldap', 'llmnr', 'mdns', 'metadata', 'modbus', 'mqtt', 'netflow', 'nfs', 'ntp', 'packet', 'pgsql',
      'pop3', 'quic', 'rdp', 'rfb', 'sip', 'smb', 'smtp', 'snmp', 'ssh', 'stats', 'stream_tcp', 'template', 'tftp',
      'tls', 'vars', 'verdict', 'websocket'
    ), 'unknown_kind',
    j.event_type = 'alert' AND (attacker_ip = toIPv6('::') OR alert_signature_id = 0), 'partial',
    'ok'
  ) AS parse,
  -- A rule may match the answer: the attacker is who began the connection.
  multiIf(
    j.flow.src_ip != '', toIPv6OrDefault(j.flow.src_ip),
    j.direction = 'to_client', toIPv6OrDefault(j.dest_ip),
    toIPv6OrDefault(j.src_ip)
  ) AS attacker_ip,
  {{geo attacker_ip}},
  j.event_type AS event_type, accurateCastOrDefault(j.flow_id, 'UInt64') AS flow_id, j.in_iface AS in_iface,
  j.src_ip AS src_ip, accurateCastOrDefault(j.src_port, 'UInt16') AS src_port, j.dest_ip AS dest_ip,
  accurateCastOrDefault(j.dest_port, 'UInt16') AS dest_port, j.proto AS proto, j.app_proto AS app_proto,
  accurateCastOrDefault(j.icmp_type, 'UInt8') AS icmp_type,
  accurateCastOrDefault(j.icmp_code, 'UInt8') AS icmp_code, j.direction AS direction,
  j.community_id AS community_id, j.alert.action AS alert_action,
  accurateCastOrDefault(j.alert.gid, 'UInt32') AS alert_gid,
  accurateCastOrDefault(j.alert.signature_id, 'UInt32') AS alert_signature_id,
  accurateCastOrDefault(j.alert.rev, 'UInt32') AS alert_rev, j.alert.signature AS alert_signature,
  j.alert.category AS alert_category, accurateCastOrDefault(j.alert.severity, 'UInt8') AS alert_severity,
  j.alert.metadata AS alert_metadata,
  replaceAll(upper(extract(concat(j.alert.signature, ' ', j.alert.metadata), '(?i)CVE[-_][0-9]{4}[-_][0-9]+')), '_', '-') AS cve,
  j.http.hostname AS http_hostname, j.http.url AS http_url, j.http.http_method AS http_method,
  j.http.http_user_agent AS http_user_agent, accurateCastOrDefault(j.http.status, 'UInt16') AS http_status,
  j.tls.sni AS tls_sni, j.tls.subject AS tls_subject, j.tls.ja3.hash AS tls_ja3, j.tls.ja4 AS tls_ja4,
  j.ssh.client.software_version AS ssh_client, j.ssh.client.hassh.hash AS ssh_hassh,
  if(j.dns.rrname != '', j.dns.rrname, j.dns.queries[1].rrname) AS dns_rrname,
  if(j.dns.rrtype != '', j.dns.rrtype, j.dns.queries[1].rrtype) AS dns_rrtype,
  j.fileinfo.filename AS fileinfo_filename, j.fileinfo.sha256 AS fileinfo_sha256, j.fileinfo.md5 AS fileinfo_md5,
  j.fileinfo.magic AS fileinfo_magic, accurateCastOrDefault(j.fileinfo.size, 'UInt64') AS fileinfo_size,
  j.fileinfo.stored AS fileinfo_stored, j.flow.src_ip AS flow_src_ip,
  accurateCastOrDefault(j.flow.bytes_toserver, 'UInt64') AS flow_bytes_toserver,
  accurateCastOrDefault(j.flow.bytes_toclient, 'UInt64') AS flow_bytes_toclient,
  accurateCastOrDefault(j.flow.pkts_toserver, 'UInt64') AS flow_pkts_toserver,
  accurateCastOrDefault(j.flow.pkts_toclient, 'UInt64') AS flow_pkts_toclient,
  accurateCastOrDefault(j.flow.age, 'UInt32') AS flow_age, j.flow.state AS flow_state, j.flow.reason AS flow_reason
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        event_type String, flow_id Int64, in_iface String, src_ip String, src_port Int64, dest_ip String,
        dest_port Int64, proto String, app_proto String, icmp_type Int64, icmp_code Int64, direction String,
        community_id String, timestamp String,
        alert Tuple(action String, gid Int64, signature_id Int64, rev Int64, signature String, category String, severity Int64, metadata String),
        http Tuple(hostname String, url String, http_method String, http_user_agent String, status Int64),
        tls Tuple(sni String, subject String, ja3 Tuple(hash String), ja4 String),
        ssh Tuple(client Tuple(software_version String, hassh Tuple(hash String))),
        dns Tuple(rrname String, rrtype String, queries Array(Tuple(rrname String, rrtype String))),
        fileinfo Tuple(filename String, sha256 String, md5 String, magic String, size Int64, stored Bool),
        flow Tuple(src_ip String, bytes_toserver Int64, bytes_toclient Int64, pkts_toserver Int64, pkts_toclient Int64, age Int64, state String, reason String)
      )'
    )) AS j
  FROM {{landing suricata}}
)
