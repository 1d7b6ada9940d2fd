-- Landing table -> record tables. A record is one IDMEF-Message as it stands in the file. It is read by regular
-- expressions, which know nothing of XML but what IDMEF uses of it: comments are left out and prefixes taken off first,
-- an attribute's value must hold no ">", text in CDATA is not unpacked. RE2 takes linear time, and a record has at most
-- limits.line_bytes_max of the collector.

-- define attribute
-- The value of an attribute: of {{1}}, in single or double quotes, behind what {{2}} matches.
decodeXMLComponent(arrayStringConcat(extractGroups({{1}}, concat('(?s)', {{2}}, '\\s*=\\s*(?:"([^"]*)"|\'([^\']*)\')'))))

-- define content
-- The text of the first element {{2}} in {{1}}, without the blanks around it.
decodeXMLComponent(extract({{1}}, concat('(?s)<', {{2}}, '(?:\\s[^>]*)?>\\s*([^<]*?)\\s*</')))

-- define contents
arrayDistinct(arrayMap(x -> decodeXMLComponent(x), extractAll({{1}}, concat('(?s)<', {{2}}, '(?:\\s[^>]*)?>\\s*([^<]*?)\\s*</'))))

-- define port
toUInt16OrZero(extract({{1}}, '<(?:{{2}})(?:\\s[^>]*)?>\\s*(\\d{1,5})\\s*<'))

-- into idmef_messages
WITH
  replaceRegexpAll(
    replaceRegexpAll(toValidUTF8(raw), '(?s)<!--.*?-->', ''),
    '<(/?)[A-Za-z_][\\w.-]*:', '<\\1'
  ) AS text,
  extractAll(text, '(?s)<Source[\\s>].*?</Source>') AS sources,
  extractAll(text, '(?s)<Target[\\s>].*?</Target>') AS targets,
  sources[1] AS source_,
  targets[1] AS target_,
  extract(text, '(?s)<Analyzer[\\s>].*?</Analyzer>') AS analyzer,
  arrayStringConcat(sources) AS all_sources,
  arrayStringConcat(targets) AS all_targets,
  {{use content text 'CreateTime'}} AS created,
  {{use content text 'DetectTime'}} AS detected,
  -- Drafts of the year 2000 have month, day and year, and the time, each for itself.
  concat({{use content text 'date'}}, ' ', {{use content text 'time'}}) AS drafted,
  multiIf(detected != '', detected, created != '', created, '') AS stated,
  match(stated, '(Z|[+-][0-9]{2}:?[0-9]{2})$') AS has_zone,
  multiIf(
    length(stated) >= 19, parseDateTime64BestEffortOrNull(stated, 6, 'UTC'),
    length(drafted) >= 17, parseDateTime64BestEffortUSOrNull(drafted, 6, 'UTC'),
    NULL
  ) AS shown,
  if(has_zone, shown, {{zoned shown}}) AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  multiIf(NOT sensible, 'receipt', has_zone, 'sensor', 'zone_assumed') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    NOT match(text, '^<IDMEF-Message[\\s>/]'), 'not_json',
    NOT isValidUTF8(raw), 'bad_utf8',
    NOT match(text, '</IDMEF-Message\\s*>$') OR NOT sensible, 'partial',
    kind = '', 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(source_addresses[1]) AS attacker_ip,
  {{geo attacker_ip}},
  multiIf(match(text, '<Alert[\\s>]'), 'alert', match(text, '<Heartbeat[\\s>]'), 'heartbeat', '') AS kind,
  {{use attribute text '<(?:Alert|Heartbeat)\\s[^>]*?\\b(?:messageid|alertid|ident)'}} AS messageid,
  {{use attribute text '<Analyzer\\s[^>]*?\\b(?:analyzerid|ident)'}} AS analyzerid,
  {{use content analyzer 'name'}} AS analyzer_name,
  {{use attribute text '<Analyzer\\s[^>]*?\\bmodel'}} AS analyzer_model,
  created AS create_time,
  if(detected = '' AND drafted != ' ', drafted, detected) AS detect_time,
  {{use attribute text '<Classification\\s[^>]*?\\btext'}} AS classification,
  arrayMap(
    r -> concat({{use attribute r 'origin'}}, ':', {{use content r 'name'}}),
    extractAll(text, '(?s)<Reference\\s.*?</Reference>')
  ) AS `references`,
  {{use attribute text '<Impact\\s[^>]*?\\bseverity'}} AS severity,
  {{use attribute text '<Impact\\s[^>]*?\\bcompletion'}} AS completion,
  {{use attribute text '<Impact\\s[^>]*?\\btype'}} AS impact_type,
  {{use content text 'Impact'}} AS impact,
  {{use contents all_sources 'address'}} AS source_addresses,
  greatest({{use port source_ port|portlist|sport}}, {{use port target_ sport}}) AS source_port,
  {{use content extract(source_,'(?s)<User[\\s>].*?</User>') 'name'}} AS source_user,
  {{use attribute source_ '^<Source\\s[^>]*?\\bspoofed'}} AS spoofed,
  {{use contents all_targets 'address'}} AS target_addresses,
  arrayDistinct(arrayMap(
    x -> decodeXMLComponent(x),
    extractAll(all_targets, '(?s)<Node(?:\\s[^>]*)?>(?:\\s*<location>[^<]*</location>)?\\s*<name>\\s*([^<]*?)\\s*</name>')
  )) AS target_names,
  {{use port target_ port|portlist|dport}} AS target_port,
  -- Some name the transport where the service belongs; that is the event's transport.
  arrayFirst(
    one -> one != '' AND NOT match(one, '(?i)^(tcp|udp|icmp)$'),
    [
      {{use content extract(target_,'(?s)<Service[\\s>].*?</Service>') 'name'}},
      {{use content extract(target_,'(?s)<Service[\\s>].*?</Service>') 'protocol'}}
    ]
  ) AS target_service,
  {{use content extract(target_,'(?s)<User[\\s>].*?</User>') 'name'}} AS target_user,
  {{use content extract(target_,'(?s)<WebService[\\s>].*?</WebService>') 'url'}} AS target_url,
  {{use content extract(target_,'(?s)<File[\\s>].*?</File>') 'path'}} AS target_file
FROM {{landing idmef}}
