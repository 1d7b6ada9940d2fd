CREATE TABLE {{table adbhoney_json}} (
  {{record_columns}},
  eventid LowCardinality(String) COMMENT 'what happened',
  session String COMMENT 'ADBHoney''s id of the connection',
  sensor LowCardinality(String) COMMENT 'name of the honeypot',
  src_ip String COMMENT 'the attacker''s address',
  src_port UInt16 COMMENT 'the attacker''s port',
  dst_ip String COMMENT 'the honeypot''s address (older: dest_ip)',
  dst_port UInt16 COMMENT 'the honeypot''s port (older: dest_port)',
  unixtime Int64 COMMENT 'seconds since 1970',
  input String COMMENT 'command that was sent',
  shasum String COMMENT 'SHA-256 of the file',
  outfile String COMMENT 'where ADBHoney keeps it',
  filename String COMMENT 'where the attacker put it',
  src_url String COMMENT 'where a file was fetched from',
  duration Float64 COMMENT 'seconds that the connection lasted'
) {{record_engine}};
