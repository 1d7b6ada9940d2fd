CREATE TABLE {{table conpot_json}} (
  {{record_columns}},
  sensorid LowCardinality(String) COMMENT 'sensorid of Conpot''s configuration',
  `id` String COMMENT 'Conpot''s id of the session',
  src_ip String COMMENT 'the attacker''s address',
  src_port UInt16 COMMENT 'the attacker''s port',
  dst_ip String COMMENT 'the honeypot''s address',
  dst_port UInt16 COMMENT 'the honeypot''s port',
  public_ip String COMMENT 'the honeypot''s address as the internet sees it, where fetch_public_ip is on',
  data_type LowCardinality(String) COMMENT 'which of its servers was spoken to',
  event_type LowCardinality(String) COMMENT 'NEW_CONNECTION, CONNECTION_LOST …, or what the server made of the request; empty where it names nothing',
  request String COMMENT 'what was asked: text, hexadecimal bytes as Python writes them, or for SNMP an object of oid and val',
  response String COMMENT 'what was answered, in the same form'
) {{record_engine}};
