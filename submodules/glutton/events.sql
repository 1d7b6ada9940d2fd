-- Record table -> event, by what a line holds: each handler of Glutton has lines of its own.

-- from glutton_log
WITH
  if(startsWith(message, '"'), replaceRegexpOne(substring(message, 2, length(message) - 2), '(\\\\r|\\\\n)+$', ''), message) AS came,
  handler = 'ftp' AND match(came, '^(?i)pass ') AS ftp_login
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    sha256 != '', 'download',
    ftp_login OR record.username != '' OR record.password != '', 'authenticate',
    path != '', 'probe',
    came != '' OR record.command != '', 'input',
    'probe'
  ) AS action,
  multiIf(action = 'authenticate', 'account', action = 'input', 'process', action = 'download' OR path != '', 'data', 'computer') AS target_kind,
  multiIf(action = 'authenticate', record.username, action = 'download', sha256, action = 'input', toString(handler), path) AS target,
  multiIf(action IN ('authenticate', 'input'), 'unknown', 'success') AS outcome,
  attacker_ip AS source_ip,
  src_port AS source_port,
  dest_port AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  multiIf(handler IN ('tcp', 'udp'), '', handler = 'ssh proxy', 'ssh', toString(handler)) AS service,
  if(handler = 'udp', 'udp', 'tcp') AS transport,
  username,
  if(ftp_login, trimLeft(substring(came, 6)), record.password) AS password,
  if(action = 'input', if(came = '', record.command, came), '') AS command,
  fetched_from AS url,
  sha256 AS file_sha256,
  mapFilter((name_of, content) -> content != '', map('method', toString(method), 'query', query, 'payload_sha256', payload_hash)) AS extra
FROM {{record glutton_log}} AS record
WHERE (sha256 != '' OR attacker_ip != toIPv6('::'))
  -- Until 2023 what Telnet answers is told as what it hears, and so is an empty line.
  AND msg != 'telnet send' AND NOT (msg = 'telnet recv' AND came = '')
  -- The name of an FTP log-in is followed by its password.
  AND NOT (handler = 'ftp' AND match(came, '^(?i)user '))
