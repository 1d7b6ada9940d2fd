-- The tables of Kippo's doc/sql/mysql.sql; rows of a session have its addresses too.

CREATE TABLE {{table kippo_sessions}} (
  {{record_columns}},
  id String COMMENT 'Kippo''s id of the session',
  starttime String COMMENT 'begin, as Kippo wrote it',
  endtime String COMMENT 'end, as Kippo wrote it; empty while the session lasts, or where no later version came',
  sensor UInt64 COMMENT 'row of sensors',
  ip_version UInt8 COMMENT '4 or 6, after 0.9 (Kippo: version)',
  ip String COMMENT 'the attacker''s address',
  termsize String COMMENT 'columns and rows of the client''s terminal',
  client UInt64 COMMENT 'row of clients; 0 until the client told its version',
  sensor_name String COMMENT 'sensors.ip: the honeypot''s address, or the name that it was given'
) {{record_engine}};

CREATE TABLE {{table kippo_auth}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  session String COMMENT 'Kippo''s id of the session',
  success UInt8 COMMENT '1 where the log-in was let in',
  username String COMMENT 'user name that was tried',
  password String COMMENT 'password that was tried',
  ip String COMMENT 'the attacker''s address, of its session',
  sensor_name String COMMENT 'sensors.ip of its session: the honeypot''s address, or the name that it was given'
) {{record_engine}};

CREATE TABLE {{table kippo_input}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  session String COMMENT 'Kippo''s id of the session',
  realm LowCardinality(String) COMMENT 'command that took the input; empty for the shell',
  success Nullable(UInt8) COMMENT '1 where the shell has the command, 0 where it has not, NULL for input of a command',
  input String COMMENT 'what was typed',
  ip String COMMENT 'the attacker''s address, of its session',
  sensor_name String COMMENT 'sensors.ip of its session: the honeypot''s address, or the name that it was given'
) {{record_engine}};

CREATE TABLE {{table kippo_downloads}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  session String COMMENT 'Kippo''s id of the session',
  url String COMMENT 'what was fetched',
  outfile String COMMENT 'where Kippo keeps the file',
  ip String COMMENT 'the attacker''s address, of its session',
  sensor_name String COMMENT 'sensors.ip of its session: the honeypot''s address, or the name that it was given'
) {{record_engine}};

CREATE TABLE {{table kippo_ttylog}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  session String COMMENT 'Kippo''s id of the session',
  ttylog String COMMENT 'the terminal recording, in the form of UML',
  ip String COMMENT 'the attacker''s address, of its session',
  sensor_name String COMMENT 'sensors.ip of its session: the honeypot''s address, or the name that it was given'
) {{record_engine}};

CREATE TABLE {{table kippo_clients}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  client_version String COMMENT 'the client''s SSH version string (Kippo: version)'
) {{record_engine}};

CREATE TABLE {{table kippo_sensors}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  ip_version UInt8 COMMENT '4 or 6, after 0.9 (Kippo: version)',
  ip String COMMENT 'the honeypot''s address, or the name that it was given'
) {{record_engine}};

CREATE TABLE {{table kippo_statements}} (
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

CREATE TABLE {{table kippo_recordings}} (
  {{record_columns}},
  {{artifact_columns}}
) {{record_engine}};

CREATE TABLE {{table kippo_files}} (
  {{record_columns}},
  {{artifact_columns}}
) {{record_engine}};
