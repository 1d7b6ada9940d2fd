CREATE TABLE {{table wordpot_tpot}} (
  {{record_columns}},
  message String COMMENT 'what was seen, behind the address, where the line is text',
  src_ip String COMMENT 'the attacker''s address',
  src_port UInt16 COMMENT 'the attacker''s port',
  dest_ip String COMMENT 'the honeypot''s address',
  dest_port UInt16 COMMENT 'the honeypot''s port',
  user_agent String COMMENT 'user agent of the client',
  url String COMMENT 'URL that was asked for',
  plugin LowCardinality(String) COMMENT 'part of Wordpot that wrote the JSON',
  filename String COMMENT 'file that was asked for',
  author String COMMENT 'author whose page was asked for',
  path String COMMENT 'path that was asked for, where the text tells it',
  component String COMMENT 'plugin or theme that was asked for',
  username String COMMENT 'name that was tried',
  password String COMMENT 'password that was tried'
) {{record_engine}};
