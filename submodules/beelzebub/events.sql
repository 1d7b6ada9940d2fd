-- Record table -> event, by protocol and what came along.

-- from beelzebub_log
SELECT
  {{event_identity}},
  detect_ts, detect_basis, attacker_ip, attacker_country, attacker_asn,
  multiIf(
    Protocol = 'HTTP', if(match(RequestURI, '^(?i)https?://'), 'bypass', 'probe'),
    record.Command != '', 'input',
    User != '' OR record.Password != '', 'authenticate',
    'probe'
  ) AS action,
  multiIf(
    action = 'input', 'process',
    action = 'authenticate', 'account',
    Protocol = 'HTTP' AND action = 'probe', 'data',
    'computer'
  ) AS target_kind,
  multiIf(action = 'authenticate', User, Protocol = 'HTTP', RequestURI, action = 'input', if(Protocol IN ('SSH', 'TELNET'), 'shell', Description), '') AS target,
  multiIf(action IN ('authenticate', 'input'), 'unknown', 'success') AS outcome,
  attacker_ip AS source_ip,
  SourcePort AS source_port,
  -- Only T-Pot's says it.
  toUInt16OrZero(JSONExtractString(toValidUTF8(raw), 'dest_port')) AS destination_port,
  'inbound' AS direction,
  'honeypot' AS vantage,
  if(Protocol = 'TCP', '', lower(Protocol)) AS service,
  'tcp' AS transport,
  ID AS session,
  User AS username,
  Password AS password,
  if(action = 'input', Command, '') AS command,
  multiIf(
    match(RequestURI, '^(?i)https?://'), RequestURI,
    HostHTTPRequest != '' AND startsWith(RequestURI, '/'), concat('http://', HostHTTPRequest, RequestURI),
    ''
  ) AS url,
  if(Protocol = 'HTTP', UserAgent, Client) AS user_agent,
  mapFilter((name_of, content) -> content != '', map('method', toString(HTTPMethod), 'service', Description)) AS extra
FROM {{record beelzebub_log}} AS record
WHERE Protocol IN ('HTTP', 'SSH', 'TCP', 'TELNET', 'MCP') AND Status != 'End'
  -- A session of SSH begins after its log-in, which a line of its own told.
  AND NOT (Status = 'Start' AND Protocol IN ('SSH', 'TELNET') AND record.Command = '')
