CREATE TABLE {{table host_processes_executions}} (
  {{record_columns}},
  container LowCardinality(String) COMMENT 'container that the collector looked at',
  kind LowCardinality(String) COMMENT 'what the reading tells',
  by LowCardinality(String) COMMENT 'audit or polling',
  serial String COMMENT 'number of the audit event',
  pid UInt32 COMMENT 'number of the process on the host',
  ppid UInt32 COMMENT 'of its parent',
  uid UInt32 COMMENT 'effective user, as the container numbers it',
  user String COMMENT 'its name in the container',
  exe String COMMENT 'program, as the container names it',
  command String COMMENT 'arguments, joined by spaces',
  args Array(String) COMMENT 'arguments, the program''s name first',
  cwd String COMMENT 'working directory; by audit only',
  tty LowCardinality(String) COMMENT 'terminal; by audit only',
  parent String COMMENT 'command of the parent, or its name',
  success Bool COMMENT 'whether the program was started',
  count UInt64 COMMENT 'of undecided: programs whose container could not be told'
) {{record_engine}};
