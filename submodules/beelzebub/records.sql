-- Landing table -> record table. DateTime ends in Z. T-Pot's writes an event's fields into the line itself, under names of its
-- own, with `timestamp`.

-- into beelzebub_log
WITH
  j.protocol != '' AS is_flat,
  multiIf(j.event.DateTime != '', j.event.DateTime, j.timestamp != '', j.timestamp, j.time) AS moment,
  match(moment, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  if(length(moment) >= 19, parseDateTime64BestEffortOrNull(moment, 6, 'UTC'), NULL) AS shown,
  if(has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible,
  -- Headers are one text: a client may have written a second one into it, and then nothing says which is the proxy's.
  extractAll(Headers, '\\[Key: X-Forwarded-For, values: ([^\\]]*)\\]') AS said,
  if(length(said) = 1, said[1], '') AS forwarded
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_zone, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.msg = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.msg = '', 'partial',
    -- The end of a session says its number and nothing else.
    Protocol != '' AND Status != 'End' AND attacker_ip = toIPv6('::'), 'partial',
    -- Every program with the same library writes level, msg and time: what has other fields is another's.
    NOT is_flat AND NOT JSONHas(text, 'event') AND NOT hasAll(
      ['level', 'msg', 'time', 'timestamp', 'func', 'file', 'status', 'error', 'port', 'commands', 'banner', 'description', 'command',
        'client_ip', 'rateLimitRequests', 'rateLimitWindowSeconds'],
      JSONExtractKeys(text)
    ), 'unknown_kind',
    Protocol NOT IN ('', 'HTTP', 'SSH', 'TCP', 'TELNET', 'MCP'), 'unknown_kind',
    'ok'
  ) AS parse,
  {{client SourceIp forwarded}} AS attacker_ip,
  {{geo attacker_ip}},
  j.msg AS msg, if(is_flat, j.protocol, j.event.Protocol) AS Protocol, if(is_flat, j.status, j.event.Status) AS Status,
  if(is_flat, j.message, j.event.Msg) AS Msg, if(is_flat, j.session, j.event.ID) AS ID,
  multiIf(
    is_flat, j.src_ip,
    j.event.SourceIp = '', trim(BOTH '[]' FROM extract(j.event.RemoteAddr, '^(.*):[0-9]+$')),
    j.event.SourceIp
  ) AS SourceIp,
  toUInt16OrZero(multiIf(
    is_flat, j.src_port,
    j.event.SourcePort = '', extract(j.event.RemoteAddr, ':([0-9]+)$'),
    j.event.SourcePort
  )) AS SourcePort,
  if(is_flat, j.username, j.event.User) AS User, if(is_flat, j.password, j.event.Password) AS Password,
  multiIf(NOT is_flat, j.event.Command, j.command = '', j.input, j.command) AS Command,
  if(is_flat, j.output, j.event.CommandOutput) AS CommandOutput,
  multiIf(NOT is_flat, j.event.Client, j.client = '', j.client_version, j.client) AS Client,
  if(is_flat, j.environ, j.event.Environ) AS Environ, if(is_flat, j.request_method, j.event.HTTPMethod) AS HTTPMethod,
  if(is_flat, j.request_uri, j.event.RequestURI) AS RequestURI,
  if(is_flat, j.hostname, j.event.HostHTTPRequest) AS HostHTTPRequest,
  if(is_flat, j.request_headers, j.event.Headers) AS Headers,
  if(is_flat, j.request_cookies, j.event.Cookies) AS Cookies,
  if(is_flat, j.`userAgent`, j.event.UserAgent) AS UserAgent, if(is_flat, j.body, j.event.Body) AS Body,
  if(is_flat, j.service, j.event.Description) AS Description, if(is_flat, j.handler, j.event.Handler) AS Handler,
  if(is_flat, j.tls_server_name, j.event.TLSServerName) AS TLSServerName
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        msg String,
        event Tuple(`DateTime` String, `RemoteAddr` String, `Protocol` String, `Command` String, `CommandOutput` String, `Status` String, `Msg` String, `ID` String, `Environ` String, `User` String, `Password` String, `Client` String, `Headers` String, `Cookies` String, `UserAgent` String, `HostHTTPRequest` String, `Body` String, `HTTPMethod` String, `RequestURI` String, `Description` String, `SourceIp` String, `SourcePort` String, `TLSServerName` String, `Handler` String),
        message String, protocol String, status String, src_ip String, src_port String, session String, service String,
        environ String, username String, password String, client String, client_version String, command String,
        input String, output String, request_uri String, request_method String, body String, hostname String,
        `userAgent` String, request_cookies String, request_headers String, tls_server_name String, handler String,
        timestamp String, time String
      )'
    )) AS j
  FROM {{landing beelzebub}}
)
