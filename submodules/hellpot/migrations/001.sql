CREATE TABLE {{table hellpot_log}} (
  {{record_columns}},
  message String COMMENT 'NEW, FINISH, END_ON_ERR, or what the program says of itself',
  level LowCardinality(String) COMMENT 'level of the line',
  REMOTE_ADDR String COMMENT 'the client''s address',
  URL String COMMENT 'path that was asked for, with its query',
  USERAGENT String COMMENT 'user agent of the client',
  BYTES UInt64 COMMENT 'bytes that the client took, of FINISH',
  DURATION Float64 COMMENT 'milliseconds that the client stayed, of FINISH'
) {{record_engine}};
