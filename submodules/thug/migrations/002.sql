CREATE TABLE {{table thug_maec}} (
  {{record_columns}},
  url String COMMENT 'page that was visited',
  start_datetime String COMMENT 'when the analysis began, local time',
  thug_version LowCardinality(String) COMMENT 'version of Thug',
  exploits Array(Tuple(module String, description String, cve String)) COMMENT 'exploits of known vulnerabilities that were recognised',
  files Array(Tuple(type String, md5 String, sha1 String, sha256 String)) COMMENT 'files that were fetched for the page and are no pages',
  behaviors Array(String) COMMENT 'what was observed, in words'
) {{record_engine}};
