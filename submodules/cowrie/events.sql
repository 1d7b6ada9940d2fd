-- Record tables -> event. README.md says for every event id what it yields and why.

-- from cowrie_json
WITH
  multiIf(
    protocol IN ('ssh', 'telnet'), protocol,
    position(system, 'SSH') > 0, 'ssh',
    position(system, 'Telnet') > 0, 'telnet',
    startsWith(eventid, 'cowrie.client.') OR startsWith(eventid, 'cowrie.direct-tcpip.'), 'ssh',
    eventid = 'cowrie.session.file_upload' OR record.fingerprint != '', 'ssh',
    startsWith(eventid, 'cowrie.telnet.'), 'telnet',
    eventid = 'cowrie.session.connect' AND dst_port IN (22, 2222), 'ssh',
    eventid = 'cowrie.session.connect' AND dst_port IN (23, 2223), 'telnet',
    ''
  ) AS known_service,
  -- The forwarded connection's end: a name or an address of somebody else, not the honeypot's.
  eventid = 'cowrie.direct-tcpip.request' AS forwarded,
  concat(if(position(dst_ip, ':') > 0, concat('[', dst_ip, ']'), dst_ip), ':', toString(dst_port)) AS forwarded_to
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    eventid IN ('cowrie.session.connect', 'cowrie.client.version', 'cowrie.client.kex'), 'probe',
    eventid IN ('cowrie.login.success', 'cowrie.login.failed', 'cowrie.client.fingerprint'), 'authenticate',
    eventid IN ('cowrie.command.input', 'cowrie.session.input', 'cowrie.command.success'), 'input',
    eventid = 'cowrie.session.file_download' AND url = '', 'modify',
    eventid = 'cowrie.command.chpasswd', 'modify',
    startsWith(eventid, 'cowrie.session.file_'), 'download',
    'bypass'
  ) AS action,
  multiIf(
    action = 'probe', if(eventid = 'cowrie.session.connect', 'computer', 'process'),
    action = 'authenticate' OR eventid = 'cowrie.command.chpasswd', 'account',
    action = 'input', 'process',
    action = 'bypass', if(forwarded, 'computer', 'process'),
    'data'
  ) AS target_kind,
  multiIf(
    eventid = 'cowrie.session.connect', dst_ip,
    action = 'probe', 'ssh',
    target_kind = 'account', username,
    action = 'input', if(realm = '', 'shell', realm),
    action = 'bypass', if(forwarded, forwarded_to, 'telnetd'),
    action = 'modify', if(destfile = '', shasum, destfile),
    url != '', url,
    filename
  ) AS target,
  multiIf(
    eventid IN ('cowrie.login.failed', 'cowrie.client.fingerprint', 'cowrie.session.file_download.failed'), 'failure',
    action = 'input' OR action = 'bypass' AND eventid != 'cowrie.telnet.exploit_success', 'unknown',
    eventid = 'cowrie.command.chpasswd', 'unknown',
    'success'
  ) AS outcome,
  attacker_ip AS source_ip,
  -- Until 2.x a forward's src_port is what the client claims; `protocol` stands on every line only since 3.x.
  if(forwarded AND protocol = '', 0, src_port) AS source_port,
  if(forwarded, toIPv6('::'), toIPv6OrDefault(dst_ip)) AS destination_ip,
  if(forwarded, 0, dst_port) AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  known_service AS service,
  'tcp' AS transport,
  session,
  if(target_kind = 'account' OR eventid = 'cowrie.telnet.exploit_success', username, '') AS username,
  if(action = 'authenticate', password, '') AS password,
  if(action = 'input', input, attempted_command) AS command,
  url,
  shasum AS file_sha256,
  hassh AS fingerprint,
  version_ AS user_agent,
  cve AS signature,
  mapFilter(
    (name_of, content) -> content != '',
    map(
      'eventid', toString(eventid),
      'realm', toString(realm),
      'public_key', record.fingerprint,
      'path', if(action = 'modify', '', destfile)
    )
  ) AS extra
FROM {{record cowrie_json}} AS record
WHERE
  eventid IN (
    'cowrie.session.connect', 'cowrie.client.version', 'cowrie.client.kex', 'cowrie.login.success',
    'cowrie.command.input', 'cowrie.session.input', 'cowrie.command.chpasswd', 'cowrie.direct-tcpip.request',
    'cowrie.session.file_download', 'cowrie.session.file_download.failed', 'cowrie.session.file_upload',
    'cowrie.telnet.exploit_attempt', 'cowrie.telnet.exploit_success'
  )
  -- Since 2.6.1 a public key is written twice, as client.fingerprint and as login.*: the older lines have only the
  -- first, and lines of 2.9 and later are known by their uuid.
  OR eventid = 'cowrie.client.fingerprint' AND uuid = ''
  OR eventid = 'cowrie.login.failed' AND (record.fingerprint = '' OR uuid != '')
  -- Without a realm it repeats what command.input said before.
  OR eventid = 'cowrie.command.success' AND realm != ''
