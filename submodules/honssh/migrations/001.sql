CREATE TABLE {{table honssh_session}} (
  {{record_columns}},
  channel LowCardinality(String) COMMENT 'POT, SSH, or the channel: TERM0, EXEC1, SFTP0 …',
  what LowCardinality(String) COMMENT 'kind of the line',
  peer_ip String COMMENT 'the attacker''s address, out of the line or the folder''s name',
  peer_port UInt16 COMMENT 'the attacker''s port',
  session String COMMENT 'beginning of the session, which is the name of the file',
  country String COMMENT 'country, as HonSSH knows it',
  honey_ip String COMMENT 'address of the honeypot behind HonSSH',
  honey_port UInt16 COMMENT 'its port',
  sensor_name LowCardinality(String) COMMENT 'sensor_name of HonSSH''s configuration',
  username String COMMENT 'user name that was let in',
  password String COMMENT 'its password',
  `command` String COMMENT 'command that was given',
  link String COMMENT 'what was downloaded',
  saved String COMMENT 'where HonSSH keeps it',
  `size` UInt64 COMMENT 'its bytes',
  sha256 String COMMENT 'its SHA-256'
) {{record_engine}};

CREATE TABLE {{table honssh_auth}} (
  {{record_columns}},
  session String COMMENT 'beginning of the session',
  peer_ip String COMMENT 'the attacker''s address',
  username String COMMENT 'user name that was tried',
  password String COMMENT 'password that was tried',
  success Bool COMMENT 'whether it was let in'
) {{record_engine}};
