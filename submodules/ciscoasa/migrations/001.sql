CREATE TABLE {{table ciscoasa_log}} (
  {{record_columns}},
  what LowCardinality(String) COMMENT 'request, error, alert, or empty for what the program says of itself',
  src_ip String COMMENT 'the attacker''s address (older: src)',
  src_port UInt16 COMMENT 'the attacker''s port, of alerts only (older: spt)',
  payload_printable String COMMENT 'what the HTTP server says, or the payloads of an alert (older: data)',
  method LowCardinality(String) COMMENT 'method of the request',
  path String COMMENT 'path of the request',
  status UInt16 COMMENT 'status that was answered'
) {{record_engine}};
