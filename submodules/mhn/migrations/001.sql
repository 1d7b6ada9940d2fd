CREATE TABLE {{table mhn_sessions}} (
  {{record_columns}},
  id_ String COMMENT 'id in MHN''s database',
  honeypot LowCardinality(String) COMMENT 'program that saw it',
  identifier LowCardinality(String) COMMENT 'MHN''s id of the sensor',
  protocol LowCardinality(String) COMMENT 'what was spoken, under the program''s own names',
  source_ip String COMMENT 'the attacker''s address',
  source_port UInt16 COMMENT 'the attacker''s port',
  destination_ip String COMMENT 'the honeypot''s address',
  destination_port UInt16 COMMENT 'the honeypot''s port',
  auth_attempts Array(Tuple(login String, password String)) COMMENT 'names and passwords that were tried',
  ssh_version String COMMENT 'the client''s own name of itself',
  http_verb LowCardinality(String) COMMENT 'method of a request',
  http_host String COMMENT 'name that was asked for',
  http_path String COMMENT 'path that was asked for',
  http_body String COMMENT 'body of the request',
  signature String COMMENT 'rule of Snort or Suricata'
) {{record_engine}};
