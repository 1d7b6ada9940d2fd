CREATE TABLE {{table h0neytr4p_log}} (
  {{record_columns}},
  src_ip String COMMENT 'the client''s address, or what X-Forwarded-For says',
  dest_port UInt16 COMMENT 'the honeypot''s port, as the Host header says',
  request_method LowCardinality(String) COMMENT 'method of the request',
  protocol LowCardinality(String) COMMENT 'http or https',
  hostname String COMMENT 'name that was asked for',
  request_uri String COMMENT 'path that was asked for, with its query',
  trapped Bool COMMENT 'whether a trap matches',
  trapped_for String COMMENT 'name of the trap',
  trapped_risk_rating LowCardinality(String) COMMENT 'how grave the trap''s author thinks it',
  user_agent String COMMENT 'user agent of the client',
  payload String COMMENT 'body of the request',
  payload_hash_md5 String COMMENT 'MD5 of a file that was sent',
  payload_filename String COMMENT 'where H0neytr4p keeps it',
  payload_mime_type String COMMENT 'its type, as the client says',
  header_authorization String COMMENT 'Authorization of the request',
  header_x_forwarded_for String COMMENT 'X-Forwarded-For of the request'
) {{record_engine}};

CREATE TABLE {{table h0neytr4p_payloads}} ({{record_columns}}, {{artifact_columns}}) {{record_engine}};
