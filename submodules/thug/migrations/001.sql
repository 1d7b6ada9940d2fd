CREATE TABLE {{table thug_analyses}} (
  {{record_columns}},
  url String COMMENT 'page that was visited',
  timestamp String COMMENT 'when the analysis began, local time',
  thug_version LowCardinality(String) COMMENT 'version of Thug',
  useragent LowCardinality(String) COMMENT 'browser that Thug played',
  exploits Array(Tuple(url String, module String, description String, cve String)) COMMENT 'exploits that were recognised',
  files Array(Tuple(url String, type String, md5 String, sha1 String, sha256 String)) COMMENT 'files that were fetched for the page and are no pages',
  connections Array(Tuple(source String, destination String, method String)) COMMENT 'ways by which one page led to another',
  locations Array(Tuple(url String, sha256 String, mimetype String)) COMMENT 'pages that were fetched',
  classifiers Array(Tuple(classifier String, url String, rule String)) COMMENT 'rules that match',
  behavior Array(Tuple(description String, cve String, timestamp String)) COMMENT 'what was observed, in words'
) {{record_engine}};
