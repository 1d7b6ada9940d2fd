CREATE TABLE {{table citrixhoneypot_log}} (
  {{record_columns}},
  asctime String COMMENT 'local time, milliseconds after a comma',
  levelname LowCardinality(String) COMMENT 'level of the line',
  message String COMMENT 'what happened, behind the address',
  src_ip String COMMENT 'the attacker''s address, from the message',
  src_port UInt16 COMMENT 'the attacker''s port, from the message',
  what LowCardinality(String) COMMENT 'GET, POST, body, payload, detection, or empty for what the program says of itself',
  path String COMMENT 'path of a request, decoded'
) {{record_engine}};
