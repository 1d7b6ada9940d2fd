-- Record table -> event: a session is a probe; each name and password in it is a log-in instead.

-- from mhn_sessions
WITH honeypot IN ('snort', 'suricata', 'p0f') AS observed
SELECT
  {{event_identity ordinal}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  if(ordinal > 0, 'authenticate', 'probe') AS action,
  multiIf(ordinal > 0, 'account', http_path != '', 'data', 'computer') AS target_kind,
  multiIf(ordinal > 0, username, http_path != '', http_path, record.destination_ip) AS target,
  -- Dionaea's pcap tells of connections to ports where nothing listens.
  multiIf(ordinal > 0 OR observed, 'unknown', protocol = 'pcap', 'failure', 'success') AS outcome,
  attacker_ip AS source_ip,
  record.source_port AS source_port,
  toIPv6OrDefault(record.destination_ip) AS destination_ip,
  record.destination_port AS destination_port,
  'inbound' AS direction,
  if(observed, 'network', 'honeypot') AS vantage,
  transform(
    toString(protocol),
    ['pcap', 'TCP', 'UDP', 'ICMP', 'smbd', 'httpd', 'mysqld', 'mssqld', 'ftpd', 'SipSession', 'SipCall', 'TftpServerHandler', 'RtpUdpStream', 'mqttd', 'pptpd', 'upnpd', 'mongod', 'memcached'],
    ['', '', '', '', 'smb', 'http', 'mysql', 'mssql', 'ftp', 'sip', 'sip', 'tftp', 'rtp', 'mqtt', 'pptp', 'ssdp', 'mongodb', 'memcached'],
    toString(protocol)
  ) AS service,
  transform(toString(protocol), ['UDP', 'ICMP', 'TftpServerHandler', 'RtpUdpStream', 'SipSession', 'SipCall', 'upnpd'], ['udp', 'icmp', 'udp', 'udp', '', '', 'udp'], 'tcp') AS transport,
  id_ AS session,
  if(ordinal > 0, auth_attempts[ordinal].login, '') AS username,
  if(ordinal > 0, auth_attempts[ordinal].password, '') AS password,
  if(http_path = '', '', concat('http://', http_host, http_path)) AS url,
  ssh_version AS user_agent,
  signature,
  mapFilter((name_of, content) -> content != '', map('honeypot', toString(honeypot), 'method', toString(http_verb))) AS extra
FROM {{record mhn_sessions}} AS record
ARRAY JOIN if(empty(auth_attempts), [0], range(1, 1 + least(length(auth_attempts), 254))) AS ordinal
-- What p0f saw of a host is no attack.
WHERE honeypot NOT IN ('', 'p0f') AND attacker_ip != toIPv6('::')
