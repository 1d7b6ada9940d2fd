CREATE TABLE {{table glutton_log}} (
  {{record_columns}},
  msg String COMMENT 'what happened',
  level LowCardinality(String) COMMENT 'level of the line',
  sensorID LowCardinality(String) COMMENT 'id of the honeypot',
  handler LowCardinality(String) COMMENT 'part of Glutton that spoke with the attacker; older lines: protocol',
  src_ip String COMMENT 'the attacker''s address',
  src_port UInt16 COMMENT 'the attacker''s port',
  dest_port UInt16 COMMENT 'the honeypot''s port',
  message String COMMENT 'what came, of FTP between quotation marks as Go writes them',
  command String COMMENT 'command that came, of MongoDB and others',
  username String COMMENT 'name that was tried',
  password String COMMENT 'password that was tried',
  method LowCardinality(String) COMMENT 'method of a request',
  path String COMMENT 'path of a request',
  query String COMMENT 'query of a request',
  payload_hash String COMMENT 'SHA-256 of what came',
  sha256 String COMMENT 'SHA-256 of a file that Glutton fetched',
  fetched_from String COMMENT 'URL of that file (source)'
) {{record_engine}};

CREATE TABLE {{table glutton_payloads}} ({{record_columns}}, {{artifact_columns}}) {{record_engine}};
