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
