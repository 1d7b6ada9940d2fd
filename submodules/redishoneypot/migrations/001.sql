CREATE TABLE {{table redishoneypot_log}} (
  {{record_columns}},
  action String COMMENT 'NewConnect, Closed, or the command with its arguments; of the successor made of command and args_text',
  event LowCardinality(String) COMMENT 'connect, command, close or protocol_error, of the successor',
  src_ip String COMMENT 'the attacker''s address (older: in addr)',
  src_port UInt16 COMMENT 'the attacker''s port (older: in addr)',
  dest_ip String COMMENT 'the honeypot''s address',
  dest_port UInt16 COMMENT 'the honeypot''s port',
  session_id String COMMENT 'id of the connection; older: address and port',
  command LowCardinality(String) COMMENT 'name of the command, in capitals',
  outcome LowCardinality(String) COMMENT 'success or error, of the successor',
  args_sha256 String COMMENT 'SHA-256 of all arguments',
  analysis_hint LowCardinality(String) COMMENT 'what the successor takes the command for',
  auth_username String COMMENT 'name that was tried',
  auth_password_sha256 String COMMENT 'SHA-256 of the password that was tried',
  session_duration Float64 COMMENT 'seconds that the connection lasted so far',
  error String COMMENT 'why the protocol was not understood'
) {{record_engine}};
