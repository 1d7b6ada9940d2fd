CREATE TABLE {{table miniprint_log}} (
  {{record_columns}},
  levelname LowCardinality(String) COMMENT 'level of the line',
  command LowCardinality(String) COMMENT 'part that wrote it: handle, or the command in small letters',
  step LowCardinality(String) COMMENT 'request, response, open_conn, close_conn, cmd_unknown …',
  details String COMMENT 'what it wrote',
  src_ip String COMMENT 'the attacker''s address, of open_conn and close_conn'
) {{record_engine}};

CREATE TABLE {{table miniprint_json}} (
  {{record_columns}},
  info String COMMENT 'what happened, in words',
  level LowCardinality(String) COMMENT 'level of the line',
  event_ LowCardinality(String) COMMENT 'what happened',
  action_ LowCardinality(String) COMMENT 'what sort of thing that is',
  session_id String COMMENT 'miniprint''s id of the connection',
  protocol LowCardinality(String) COMMENT 'pjl, or http of the printer''s pages',
  src_ip String COMMENT 'the attacker''s address',
  src_port UInt16 COMMENT 'the attacker''s port',
  dest_ip String COMMENT 'the honeypot''s address',
  dest_port UInt16 COMMENT 'the honeypot''s port',
  session_duration Float64 COMMENT 'seconds that the connection lasted',
  command LowCardinality(String) COMMENT 'command of PJL',
  file_name String COMMENT 'file in the printer, or of what was printed',
  size UInt64 COMMENT 'bytes of it',
  payload_sha256 String COMMENT 'SHA-256 of what came',
  payload_preview String COMMENT 'its beginning'
) {{record_engine}};

CREATE TABLE {{table miniprint_uploads}} ({{record_columns}}, {{artifact_columns}}) {{record_engine}};
