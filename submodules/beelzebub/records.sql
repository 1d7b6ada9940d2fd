-- Landing table -> record table. DateTime ends in Z.

-- into beelzebub_log
WITH
  if(j.event.DateTime = '', j.time, j.event.DateTime) AS moment,
  match(moment, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  if(length(moment) >= 19, parseDateTime64BestEffortOrNull(moment, 6, 'UTC'), NULL) AS shown,
  if(has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible
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
    j.event.Protocol != '' AND j.event.Status != 'End' AND attacker_ip = toIPv6('::'), 'partial',
    -- Every program with the same library writes level, msg and time: what has other fields is another's.
    NOT JSONHas(text, 'event') AND NOT hasAll(
      ['level', 'msg', 'time', 'func', 'file', 'status', 'error', 'port', 'commands', 'banner', 'description', 'command',
        'client_ip', 'rateLimitRequests', 'rateLimitWindowSeconds'],
      JSONExtractKeys(text)
    ), 'unknown_kind',
    j.event.Protocol NOT IN ('', 'HTTP', 'SSH', 'TCP', 'TELNET', 'MCP'), 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(SourceIp) AS attacker_ip,
  {{geo attacker_ip}},
  j.msg AS msg, j.event.Protocol AS Protocol, j.event.Status AS Status, j.event.Msg AS Msg, j.event.ID AS ID,
  if(j.event.SourceIp = '', trim(BOTH '[]' FROM extract(j.event.RemoteAddr, '^(.*):[0-9]+$')), j.event.SourceIp) AS SourceIp,
  toUInt16OrZero(if(j.event.SourcePort = '', extract(j.event.RemoteAddr, ':([0-9]+)$'), j.event.SourcePort)) AS SourcePort,
  j.event.User AS User, j.event.Password AS Password, j.event.Command AS Command,
  j.event.CommandOutput AS CommandOutput, j.event.Client AS Client, j.event.Environ AS Environ,
  j.event.HTTPMethod AS HTTPMethod, j.event.RequestURI AS RequestURI, j.event.HostHTTPRequest AS HostHTTPRequest,
  j.event.Headers AS Headers, j.event.Cookies AS Cookies, j.event.UserAgent AS UserAgent, j.event.Body AS Body,
  j.event.Description AS Description, j.event.Handler AS Handler, j.event.TLSServerName AS TLSServerName
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      text,
      'Tuple(
        msg String,
        event Tuple(`DateTime` String, `RemoteAddr` String, `Protocol` String, `Command` String, `CommandOutput` String, `Status` String, `Msg` String, `ID` String, `Environ` String, `User` String, `Password` String, `Client` String, `Headers` String, `Cookies` String, `UserAgent` String, `HostHTTPRequest` String, `Body` String, `HTTPMethod` String, `RequestURI` String, `Description` String, `SourceIp` String, `SourcePort` String, `TLSServerName` String, `Handler` String),
        time String
      )'
    )) AS j
  FROM {{landing beelzebub}}
)
