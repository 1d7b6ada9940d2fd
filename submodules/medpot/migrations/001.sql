CREATE TABLE {{table medpot_log}} (
  {{record_columns}},
  message LowCardinality(String) COMMENT 'what happened',
  src_ip String COMMENT 'the attacker''s address',
  src_port UInt16 COMMENT 'the attacker''s port',
  data String COMMENT 'what came, as bytes'
) {{record_engine}};
