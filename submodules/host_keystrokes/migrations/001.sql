CREATE TABLE {{table host_keystrokes_keystrokes}} (
  {{record_columns}},
  container LowCardinality(String) COMMENT 'container that the collector looked at',
  kind LowCardinality(String) COMMENT 'what the reading tells',
  serial String COMMENT 'number of the audit event',
  pid UInt32 COMMENT 'number of the process on the host that read the terminal',
  uid UInt32 COMMENT 'its user, as the container numbers it',
  user String COMMENT 'its name in the container',
  program LowCardinality(String) COMMENT 'name of the process, as the kernel has it',
  terminal LowCardinality(String) COMMENT 'pts/N, ttyN, or numbers of the device',
  typed String COMMENT 'what was typed, with all control characters',
  remote_ip String COMMENT 'who opened the connection that the process goes back to',
  remote_port UInt16 COMMENT 'of that connection',
  local_port UInt16 COMMENT 'the port that it was opened to',
  holder LowCardinality(String) COMMENT 'the process, itself or an ancestor, that holds that connection',
  count UInt64 COMMENT 'of undecided: records whose container could not be told'
) {{record_engine}};
