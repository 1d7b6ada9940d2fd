CREATE TABLE {{table heralding_json}} (
  {{record_columns}},
  duration UInt32 COMMENT 'seconds that the connection lasted',
  session_id String COMMENT 'Heralding''s id of the attacker''s connection',
  source_ip String COMMENT 'the attacker''s address',
  source_port UInt16 COMMENT 'the attacker''s port',
  destination_ip String COMMENT 'the honeypot''s address, or its public one where public_ip_as_destination_ip is on',
  destination_port UInt16 COMMENT 'the honeypot''s port',
  protocol LowCardinality(String) COMMENT 'which of its servers was spoken to',
  num_auth_attempts UInt32 COMMENT 'log-ins in this connection',
  auth_attempts Array(Tuple(timestamp String, username String, password String)) COMMENT 'the log-ins, in their order',
  session_ended Bool COMMENT 'always true in the file',
  auxiliary_data Map(String, String) COMMENT 'of the protocol: headers of HTTP, version and algorithms of SSH, methods of SOCKS'
) {{record_engine}};

CREATE TABLE {{table heralding_auth}} (
  {{record_columns}},
  auth_id String COMMENT 'Heralding''s id of the log-in',
  session_id String COMMENT 'Heralding''s id of the attacker''s connection',
  source_ip String COMMENT 'the attacker''s address',
  source_port UInt16 COMMENT 'the attacker''s port',
  destination_ip String COMMENT 'the honeypot''s address, or its public one where public_ip_as_destination_ip is on',
  destination_port UInt16 COMMENT 'the honeypot''s port',
  protocol LowCardinality(String) COMMENT 'which of its servers was spoken to',
  username String COMMENT 'user name that was tried',
  password String COMMENT 'password that was tried; of MySQL the response in hexadecimal',
  password_hash String COMMENT 'challenge and response of VNC, as a dictionary of Python (1.0.5 and later)'
) {{record_engine}};

CREATE TABLE {{table heralding_session}} (
  {{record_columns}},
  duration UInt32 COMMENT 'seconds that the connection lasted',
  session_id String COMMENT 'Heralding''s id of the attacker''s connection',
  source_ip String COMMENT 'the attacker''s address',
  source_port UInt16 COMMENT 'the attacker''s port',
  destination_ip String COMMENT 'the honeypot''s address, or its public one where public_ip_as_destination_ip is on',
  destination_port UInt16 COMMENT 'the honeypot''s port',
  protocol LowCardinality(String) COMMENT 'which of its servers was spoken to',
  num_auth_attempts String COMMENT 'log-ins in this connection; 1.0.0 to 1.0.3 write them out as a list of Python'
) {{record_engine}};
