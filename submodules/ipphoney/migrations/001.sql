CREATE TABLE {{table ipphoney_json}} (
  {{record_columns}},
  eventid LowCardinality(String) COMMENT 'ipphoney.connect, or ipphoney. and the operation in small letters',
  operation LowCardinality(String) COMMENT 'operation of IPP',
  url String COMMENT 'path that was asked for, decoded',
  request LowCardinality(String) COMMENT 'method of the request',
  query String COMMENT 'the request as IPPHoney understood it, JSON',
  src_ip String COMMENT 'the attacker''s address',
  src_port UInt16 COMMENT 'the attacker''s port',
  dst_ip String COMMENT 'the honeypot''s address',
  dst_port UInt16 COMMENT 'the honeypot''s port',
  sensor LowCardinality(String) COMMENT 'name of the honeypot',
  user_agent String COMMENT 'user agent of the client',
  filename String COMMENT 'where IPPHoney keeps the document',
  filesize UInt64 COMMENT 'its bytes',
  sha256 String COMMENT 'SHA-256 of the document'
) {{record_engine}};

CREATE TABLE {{table ipphoney_downloads}} ({{record_columns}}, {{artifact_columns}}) {{record_engine}};
