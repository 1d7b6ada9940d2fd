CREATE TABLE {{table mailoney_commands}} (
  {{record_columns}},
  src_ip String COMMENT 'the attacker''s address',
  src_port UInt16 COMMENT 'the attacker''s port',
  data String COMMENT 'what came',
  verb LowCardinality(String) COMMENT 'first word of it, in capitals'
) {{record_engine}};

CREATE TABLE {{table mailoney_mail}} (
  {{record_columns}},
  src_ip String COMMENT 'the attacker''s address',
  src_port UInt16 COMMENT 'the attacker''s port',
  data String COMMENT 'what came'
) {{record_engine}};
