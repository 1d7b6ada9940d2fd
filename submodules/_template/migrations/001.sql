-- The sensor's own columns under its own names. Never change this file once it has been applied: add 002.sql.
CREATE TABLE {{table example_log}} (
  {{record_columns}},
  src_ip String COMMENT 'the attacker''s address',
  src_port UInt16 COMMENT 'the attacker''s port',
  username String COMMENT 'user name that was tried',
  password String COMMENT 'password that was tried',
  success Bool COMMENT 'whether the log-in was let in'
) {{record_engine}};
