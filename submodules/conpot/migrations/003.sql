CREATE TABLE {{table conpot_db_events}} (
  {{record_columns}},
  `id` UInt64 COMMENT 'number of the row',
  sensorid LowCardinality(String) COMMENT 'sensorid of Conpot''s configuration (MySQL)',
  session String COMMENT 'Conpot''s id of the session',
  remote String COMMENT 'the attacker''s address and port, as Python writes them',
  src_port UInt16 COMMENT 'the attacker''s port',
  protocol LowCardinality(String) COMMENT 'which of its servers was spoken to',
  event_type LowCardinality(String) COMMENT 'NEW_CONNECTION, CONNECTION_LOST …, which MySQL''s row has for a request',
  request String COMMENT 'what was asked, as Python writes it; None where nothing was',
  response String COMMENT 'what was answered, in the same form'
) {{record_engine}};

CREATE TABLE {{table conpot_statements}} (
  {{record_columns}},
  log String COMMENT 'file name of the binary log',
  position UInt64 COMMENT 'where its event ends in the log',
  time Int64 COMMENT 'seconds since 1970, by the database server''s clock',
  thread UInt64 COMMENT 'connection of the database server',
  form LowCardinality(String) COMMENT 'row where the changed rows are known, else statement',
  verb LowCardinality(String) COMMENT 'what it does, in small letters',
  database String COMMENT 'database that it is about',
  `table` String COMMENT 'table that it is about',
  sql String COMMENT 'its text, where the log keeps it',
  `rows` UInt64 COMMENT 'rows that it changed, where they are known',
  images String COMMENT 'the first of them before and after, as JSON',
  `error` Int64 COMMENT 'number of the server''s error where it ended half done, else 0'
) {{record_engine}};
