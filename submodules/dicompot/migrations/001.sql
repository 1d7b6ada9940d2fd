CREATE TABLE {{table dicompot_log}} (
  {{record_columns}},
  msg LowCardinality(String) COMMENT 'what happened',
  level LowCardinality(String) COMMENT 'level of the line',
  ID String COMMENT 'Dicompot''s id of the connection (T-Pot)',
  IP String COMMENT 'the attacker''s address (older: in Address)',
  Port UInt16 COMMENT 'the attacker''s port (older: in Address)',
  Command LowCardinality(String) COMMENT 'command of DIMSE: C-ECHO, C-FIND, C-MOVE, C-GET',
  Type String COMMENT 'what is searched by, or what Dicompot says of a C-STORE',
  Term String COMMENT 'what is searched for',
  Matches Int32 COMMENT 'images that match; -1 where it is not told',
  Files Int32 COMMENT 'images that were sent; -1 where it is not told',
  Status LowCardinality(String) COMMENT 'Finished, at the end of a connection'
) {{record_engine}};
