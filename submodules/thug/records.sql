-- Landing table -> record table. Times are local. The attacker is the server that was visited, where its URL has an address.

-- into thug_analyses
WITH
  if(length(j.timestamp) >= 19, parseDateTime64BestEffortOrNull(j.timestamp, 6, 'UTC'), NULL) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    j.logtype = '' AND NOT isValidJSON(text), 'not_json',
    wounded AND spelled != raw, 'bad_utf8',
    wounded AND text != spelled OR NOT sensible OR j.url = '', 'partial',
    j.logtype != 'json-log', 'unknown_kind',
    'ok'
  ) AS parse,
  toIPv6OrDefault(extract(j.url, '^[a-z]+://(?:[^/@]*@)?\\[?([0-9a-fA-F.:]+?)\\]?(?::[0-9]+)?(?:[/?#]|$)')) AS attacker_ip,
  {{geo attacker_ip}},
  j.url AS url, j.timestamp AS timestamp, j.thug.version AS thug_version, j.thug.personality.useragent AS useragent,
  j.exploits AS exploits, j.files AS files, j.connections AS connections, j.locations AS locations,
  j.classifiers AS classifiers, j.behavior AS behavior
FROM (
  WITH
    {{json_text}}
  SELECT *, wounded, spelled, text, untuple(JSONExtract(
      -- The collection json of MongoDB holds the analysis as text.
      if(JSONType(text, 'report') = 'String', JSONExtractString(text, 'report'), text),
      'Tuple(
        url String, timestamp String, thug Tuple(version String, personality Tuple(useragent String)),
        exploits Array(Tuple(url String, module String, description String, cve String)),
        files Array(Tuple(url String, type String, md5 String, sha1 String, sha256 String)),
        connections Array(Tuple(source String, destination String, method String)),
        locations Array(Tuple(url String, sha256 String, mimetype String)),
        classifiers Array(Tuple(classifier String, url String, rule String)),
        behavior Array(Tuple(description String, cve String, timestamp String)), logtype String
      )'
    )) AS j
  FROM {{landing thug}}
)

-- into thug_maec
-- A bundle of MAEC 1.1 is one analysis (src/Logging/modules/MITRE/MAEC11.py, until 2019). It is read by regular expressions,
-- as IDMEF is. What a page holds as code is left out first: it may look like elements.
WITH
  replaceRegexpAll(
    replaceRegexpAll(
      replaceRegexpAll(toValidUTF8(raw), '(?s)<!--.*?-->', ''),
      '<(/?)[A-Za-z_][\\w.-]*:', '<\\1'
    ),
    '(?s)<Code_Segment>.*?</Code_Segment>', ''
  ) AS text,
  extractAll(text, '(?s)<Behavior[\\s>].*?</Behavior>') AS told,
  if(length(start_datetime) >= 19, parseDateTime64BestEffortOrNull(start_datetime, 6, 'UTC'), NULL) AS shown,
  {{zoned shown}} AS written,
  {{sensible written}} AS sensible
SELECT
  {{record_values}},
  if(sensible, assumeNotNull(written), collect_ts) AS detect_ts,
  if(sensible, 'zone_assumed', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    NOT match(text, '^<MAEC_Bundle[\\s>/]'), 'not_json',
    NOT isValidUTF8(raw), 'bad_utf8',
    NOT match(text, '</MAEC_Bundle\\s*>$') OR NOT sensible OR url = '', 'partial',
    'ok'
  ) AS parse,
  toIPv6OrDefault(extract(url, '^[a-z]+://(?:[^/@]*@)?\\[?([0-9a-fA-F.:]+?)\\]?(?::[0-9]+)?(?:[/?#]|$)')) AS attacker_ip,
  {{geo attacker_ip}},
  decodeXMLComponent(extract(text, '(?s)<URI>\\s*([^<]*?)\\s*</URI>')) AS url,
  extract(text, '<Analysis\\s[^>]*?\\bstart_datetime="([^"]*)"') AS start_datetime,
  extract(text, '(?s)<Tool\\s.*?<Version>\\s*([^<]*?)\\s*</Version>') AS thug_version,
  arrayMap(
    one -> (
      extract(one.1, '^\\[([^\\]]*)\\]'),
      one.1,
      one.2
    ),
    arrayFilter(
      one -> one.2 != '',
      arrayMap(
        one -> (
          decodeXMLComponent(extract(one, '(?s)<Text>\\s*([^<]*?)\\s*</Text>')),
          decodeXMLComponent(extract(one, '<Known_Exploit\\s[^>]*?\\bcve_id="([^"]*)"'))
        ),
        told
      )
    )
  ) AS exploits,
  arrayMap(
    one -> (
      decodeXMLComponent(extract(one, '<File_Type\\s[^>]*?\\btype="([^"]*)"')),
      extract(one, '(?s)<Hash\\s[^>]*?\\btype="md5"[^>]*>\\s*<Hash_Value>\\s*([0-9a-f]*)'),
      extract(one, '(?s)<Hash\\s[^>]*?\\btype="sha1"[^>]*>\\s*<Hash_Value>\\s*([0-9a-f]*)'),
      extract(one, '(?s)<Hash\\s[^>]*?\\btype="sha256"[^>]*>\\s*<Hash_Value>\\s*([0-9a-f]*)')
    ),
    extractAll(text, '(?s)<File_System_Object_Attributes[\\s>].*?</File_System_Object_Attributes>')
  ) AS files,
  arrayMap(one -> decodeXMLComponent(extract(one, '(?s)<Text>\\s*([^<]*?)\\s*</Text>')), told) AS behaviors
FROM {{landing thug}}
