-- Landing table -> record table. A line is the device's text behind syslog's head, and perhaps the device's own time behind
-- its name. The device's time counts before the log host's: it saw it. Without a zone both are local.

-- define ends
-- Where both ends stand in the text, in the forms of ASA (if:address/port to if:address/port; if/address(port) -> …) and
-- IOS (address(port) -> address(port)).
    extractGroups(
      message,
      '(?:[ \\[:]|^)(?:[A-Za-z0-9_.-]*[g-zG-Z_-][A-Za-z0-9_.-]*[:/])?((?:[0-9]{1,3}[.]){3}[0-9]{1,3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)(?:[/(:]([0-9]+)[)]?)?(?: *\\([^)]*\\))?(?:\\([^)]*\\))* (?:to|dst|->) (?:[A-Za-z0-9_.-]*[g-zG-Z_-][A-Za-z0-9_.-]*[:/])?((?:[0-9]{1,3}[.]){3}[0-9]{1,3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)(?:[/(:]([0-9]+|ssh|telnet|https|http)[)]?)?'
    )

-- into cisco_syslog
WITH
  toValidUTF8(raw) AS text,
  extractGroups(text, '^(.*?)%([A-Z][A-Z0-9_]*)-([0-7])-([A-Z0-9_]+): *(.*)$') AS c,
  -- The last time of the head is the device's own.
  extractAll(c[1], '[A-Z][a-z]{2} +[0-9]{1,2} (?:[0-9]{4} )?[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]+)?(?: UTC| GMT)?')[-1] AS stamp,
  extract(c[1], '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9:]+)') AS iso,
  extractGroups(stamp, '^([A-Z][a-z]{2} +[0-9]{1,2}) (?:([0-9]{4}) )?([0-9:]{8}(?:[.][0-9]+)?)( UTC| GMT)?') AS t,
  stamp != '' AS own,
  t[2] != '' AS has_year,
  t[4] != '' OR NOT own AND iso != '' AS has_zone,
  parseDateTime64BestEffortOrNull(concat(if(has_year, t[2], '2000'), ' ', t[1], ' ', t[3]), 6, 'UTC') AS shown,
  multiIf(
    NOT own, parseDateTime64BestEffortOrNull(iso, 6, 'UTC'),
    has_year, shown,
    {{with_year shown}}
  ) AS dated,
  if(has_zone, dated, {{zoned dated}}) AS written,
  {{sensible written}} AS sensible,
  c[5] AS message,
  {{use ends}} AS e,
  -- One address alone: of a user, of who is denied.
  extractGroups(
    message,
    '(?i)(?:user IP =|IP address:|Source:|IP <|IP =| from IP| from|faddr|Host|host \\[|vty[0-9]+ \\(|denied|permitted) *(?:[A-Za-z0-9_.-]*[g-zG-Z_-][A-Za-z0-9_.-]*[:/])?((?:[0-9]{1,3}[.]){3}[0-9]{1,3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*[0-9a-fA-F])(?:[/(]([0-9]+))?'
  ) AS one,
  coalesce(
    nullIf(extract(message, '(?i)(?:\\[user: ?|user = |Uname: ?|User <|for user ["\'])([^\\]>"\':,]*)'), ''),
    nullIf(extract(message, '(?:failed by|set to [0-9]+ by|console by|User:?) ?\'?([^ \',]+)'), ''),
    ''
  ) AS user_name
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', own AND NOT has_year, 'year_assumed', has_zone, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    text != raw, 'bad_utf8',
    length(c) = 0, 'unknown_kind',
    NOT sensible, 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(src_ip) AS attacker_ip,
  {{geo attacker_ip}},
  c[2] AS facility, toUInt8OrZero(c[3]) AS severity, c[4] AS mnemonic, message,
  trimRight(if(e[1] != '', e[1], one[1]), ':') AS src_ip, toUInt16OrZero(if(e[1] != '', e[2], one[2])) AS src_port,
  if(e[3] != '', e[3], extract(message, 'laddr ([0-9a-fA-F.:]+)')) AS dst_ip,
  multiIf(
    e[4] = 'ssh', 22, e[4] = 'telnet', 23, e[4] = 'http', 80, e[4] = 'https', 443,
    e[4] != '', toUInt16OrZero(e[4]),
    toUInt16OrZero(extract(message, '\\[localport: ([0-9]+)\\]'))
  ) AS dst_port,
  lower(extract(message, '(?i)\\b(tcp|udp|icmp6?|icmpv6|ipv6-icmp|gre|esp)\\b')) AS proto,
  trimBoth(user_name) AS username,
  coalesce(
    nullIf(extract(message, 'executed the \'?([^\']*)'), ''),
    nullIf(extract(message, 'executed \'([^\']*)'), ''),
    nullIf(extract(message, 'logged command:(.*)$'), ''),
    ''
  ) AS command,
  coalesce(
    nullIf(extract(message, '(?:access-list|list|access-group) "?([^ "]+)'), ''),
    nullIf(extract(message, '^(Sig:[0-9]+ Subsig:[0-9]+)'), ''),
    nullIf(extract(message, '^(IDS:[0-9]+ .*?) from '), ''),
    ''
  ) AS list,
  toUInt32OrZero(extract(message, '(?:hit-cnt |, )([0-9]+)(?: packets?|  ?first| [0-9])')) AS hits
FROM {{landing cisco}}
