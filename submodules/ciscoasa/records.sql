-- Landing table -> record table. A line of the HTTP server is put together with its texts as they came, not as Python would
-- write them; an alert is a real Python object. The HTTP server's times are local, those of alerts UTC.

-- into ciscoasa_log
WITH
  toValidUTF8(raw) AS text,
  extractGroups(text, '^\\{\'timestamp\': \'([0-9T:.-]{19,26})\', \'src_ip\': \'([^\']*)\',(?: \'src_port\': ([0-9]+),)? \'payload_printable\': (.*)\\}$') AS c,
  -- Cymmetria's own alerts have no time, and the level before them.
  extractGroups(text, '^(?:CRITICAL:[^:]*:)?\\{\'src\': \'([^\']*)\', \'spt\': ([0-9]+), \'data\': (.*)\\}$') AS bare,
  -- What is no HTTP, like the beginning of TLS, has a status too.
  extractGroups(payload_printable, '^"(?:([A-Z]+) (.*) HTTP/[0-9.]+|.*)" ([0-9]{3}) ') AS request,
  if(length(c) = 0, NULL, parseDateTime64BestEffortOrNull(c[1], 6, 'UTC')) AS shown,
  if(what = 'alert', shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', what = 'alert', 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    text != raw, 'bad_utf8',
    what = '', if(match(text, '^(Starting server on port |Using selector: |Stopping server)'), 'ok', 'unknown_kind'),
    attacker_ip = toIPv6('::') OR length(bare) = 0 AND NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  multiIf(
    length(bare) > 0 OR c[3] != '' OR startsWith(c[4], '['), 'alert',
    length(c) = 0, '',
    length(request) > 0, 'request',
    'error'
  ) AS what,
  if(length(bare) > 0, bare[1], c[2]) AS src_ip,
  toUInt16OrZero(if(length(bare) > 0, bare[2], c[3])) AS src_port,
  multiIf(length(bare) > 0, bare[3], match(c[4], '^\'.*\'$'), substring(c[4], 2, length(c[4]) - 2), c[4]) AS payload_printable,
  request[1] AS method, request[2] AS path, toUInt16OrZero(request[3]) AS status
FROM {{landing ciscoasa}}
