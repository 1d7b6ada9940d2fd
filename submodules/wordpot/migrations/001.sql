CREATE TABLE {{table wordpot_log}} (
  {{record_columns}},
  message String COMMENT 'what was seen, behind the address',
  src_ip String COMMENT 'the attacker''s address',
  path String COMMENT 'path that was asked for, where the message tells it',
  component String COMMENT 'plugin or theme that was asked for',
  username String COMMENT 'name that was tried',
  password String COMMENT 'password that was tried'
) {{record_engine}};

CREATE TABLE {{table wordpot_json}} (
  {{record_columns}},
  request_id String COMMENT 'Wordpot''s id of the request',
  profile_id LowCardinality(String) COMMENT 'WordPress that Wordpot plays',
  src_ip String COMMENT 'the attacker''s address',
  src_port UInt16 COMMENT 'the attacker''s port',
  dest_ip String COMMENT 'the honeypot''s address',
  dest_port UInt16 COMMENT 'the honeypot''s port',
  user_agent String COMMENT 'user agent of the client',
  url String COMMENT 'URL that was asked for',
  method LowCardinality(String) COMMENT 'method of the request',
  path String COMMENT 'path of it',
  query String COMMENT 'query of it',
  component_type LowCardinality(String) COMMENT 'plugin, theme, core …',
  component_slug String COMMENT 'name of the plugin or theme',
  technique LowCardinality(String) COMMENT 'what Wordpot takes the request for',
  payload_sha256 String COMMENT 'SHA-256 of the body',
  payload_excerpt String COMMENT 'beginning of the body',
  payload_size UInt64 COMMENT 'bytes of the body',
  username String COMMENT 'name that was tried',
  password String COMMENT 'password that was tried',
  response_status UInt16 COMMENT 'status that was answered'
) {{record_engine}};
