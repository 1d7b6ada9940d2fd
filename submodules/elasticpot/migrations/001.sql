CREATE TABLE {{table elasticpot_json}} (
  {{record_columns}},
  eventid LowCardinality(String) COMMENT 'elasticpot.recon, or elasticpot.attack where something was sent along',
  message String COMMENT 'what ElasticPot calls it',
  url String COMMENT 'path that was asked for, decoded',
  payload String COMMENT 'what was sent along',
  request LowCardinality(String) COMMENT 'method of the request',
  src_ip String COMMENT 'the attacker''s address',
  src_port UInt16 COMMENT 'the attacker''s port',
  dst_ip String COMMENT 'the honeypot''s address',
  dst_port UInt16 COMMENT 'the honeypot''s port',
  sensor LowCardinality(String) COMMENT 'name of the honeypot',
  user_agent String COMMENT 'user agent of the client',
  content_type String COMMENT 'type of what was sent along',
  accept_language String COMMENT 'languages that the client asks for'
) {{record_engine}};
