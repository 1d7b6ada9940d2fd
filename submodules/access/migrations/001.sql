CREATE TABLE {{table access_log}} (
  {{record_columns}},
  vhost LowCardinality(String) COMMENT 'name of the virtual host, with its port, where it is logged',
  host String COMMENT 'the client''s address, or its name where the server looks names up',
  ident String COMMENT 'identity by identd, mostly empty',
  user String COMMENT 'name by which the client logged in',
  request String COMMENT 'first line of the request, as the server wrote it',
  method LowCardinality(String) COMMENT 'method of the request',
  path String COMMENT 'path of the request, with its query',
  http_version LowCardinality(String) COMMENT 'version of HTTP',
  status UInt16 COMMENT 'status that was answered',
  bytes UInt64 COMMENT 'bytes that were answered',
  referer String COMMENT 'Referer of the request',
  user_agent String COMMENT 'user agent of the client'
) {{record_engine}};
