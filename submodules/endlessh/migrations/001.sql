CREATE TABLE {{table endlessh_log}} (
  {{record_columns}},
  what LowCardinality(String) COMMENT 'ACCEPT, CLOSE, or empty for what Endlessh says of itself',
  host String COMMENT 'the attacker''s address',
  port UInt16 COMMENT 'the attacker''s port',
  fd Int32 COMMENT 'number of the connection while it lasts',
  n Int32 COMMENT 'clients that are held, of ACCEPT; -1 where it is not told',
  max_clients Int32 COMMENT 'clients that may be held',
  time Float64 COMMENT 'seconds that the client was held, of CLOSE',
  bytes UInt64 COMMENT 'bytes that it was sent, of CLOSE'
) {{record_engine}};
