CREATE TABLE {{table glastopf_log}} (
  {{record_columns}},
  logger LowCardinality(String) COMMENT 'part of the program that wrote the line',
  message String COMMENT 'what it wrote',
  src_ip String COMMENT 'the attacker''s address, of a request',
  method LowCardinality(String) COMMENT 'method of the request',
  path String COMMENT 'path of the request',
  host String COMMENT 'name and port that were asked for'
) {{record_engine}};

CREATE TABLE {{table glastopf_events}} (
  {{record_columns}},
  id_ Int64 COMMENT 'number of the row',
  time String COMMENT 'local time',
  src_ip String COMMENT 'the attacker''s address, from source',
  src_port UInt16 COMMENT 'the attacker''s port, from source',
  request_url String COMMENT 'path of the request, with its query',
  request_raw String COMMENT 'head of the request',
  pattern LowCardinality(String) COMMENT 'what Glastopf took the request for: unknown, rfi, lfi, sqli …',
  filename String COMMENT 'MD5 of the file that was fetched, its name in Glastopf''s folder',
  version_ LowCardinality(String) COMMENT 'version of Glastopf',
  sensorid LowCardinality(String) COMMENT 'id of the Glastopf'
) {{record_engine}};
