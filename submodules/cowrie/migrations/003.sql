-- The tables of Cowrie's docs/sql, the same for MySQL and SQLite; rows of a session have its address and sensor too.

CREATE TABLE {{table cowrie_db_sessions}} (
  {{record_columns}},
  id String COMMENT 'Cowrie''s id of the session',
  starttime String COMMENT 'begin, as Cowrie wrote it',
  endtime String COMMENT 'end, as Cowrie wrote it; empty while the session lasts, or where no later version came',
  sensor UInt64 COMMENT 'row of sensors',
  ip String COMMENT 'the attacker''s address',
  termsize String COMMENT 'columns and rows of the client''s terminal',
  client UInt64 COMMENT 'row of clients; 0 until an SSH client told its version, and always of telnet',
  sensor_name String COMMENT 'sensors.ip: sensor_name of Cowrie''s configuration, by default the host name'
) {{record_engine}};

CREATE TABLE {{table cowrie_db_auth}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  session String COMMENT 'Cowrie''s id of the session',
  success UInt8 COMMENT '1 where the log-in was let in',
  username String COMMENT 'user name that was tried',
  password String COMMENT 'password that was tried',
  ip String COMMENT 'the attacker''s address, of its session',
  client UInt64 COMMENT 'row of clients, of its session; 0 where none was known when the row was read',
  sensor_name String COMMENT 'sensors.ip of its session'
) {{record_engine}};

CREATE TABLE {{table cowrie_db_input}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  session String COMMENT 'Cowrie''s id of the session',
  realm LowCardinality(String) COMMENT 'command that took the input; empty for the shell',
  success Nullable(UInt8) COMMENT '1 for a command line, 0 for a command in it that the shell has not, NULL for input of a command',
  input String COMMENT 'what was typed; where success is 0 the one command that failed',
  ip String COMMENT 'the attacker''s address, of its session',
  client UInt64 COMMENT 'row of clients, of its session; 0 where none was known when the row was read',
  sensor_name String COMMENT 'sensors.ip of its session'
) {{record_engine}};

CREATE TABLE {{table cowrie_db_downloads}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  session String COMMENT 'Cowrie''s id of the session',
  url String COMMENT 'what was to be fetched; empty for an upload and for a file that the shell wrote',
  outfile String COMMENT 'where Cowrie keeps the file; NULL or empty where the download failed',
  shasum String COMMENT 'SHA-256 of the file; NULL or empty where the download failed',
  ip String COMMENT 'the attacker''s address, of its session',
  client UInt64 COMMENT 'row of clients, of its session; 0 where none was known when the row was read',
  sensor_name String COMMENT 'sensors.ip of its session'
) {{record_engine}};

CREATE TABLE {{table cowrie_db_ttylog}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  session String COMMENT 'Cowrie''s id of the session',
  ttylog String COMMENT 'path of the terminal recording',
  `size` UInt64 COMMENT 'bytes of the terminal recording',
  ip String COMMENT 'the attacker''s address, of its session',
  sensor_name String COMMENT 'sensors.ip of its session'
) {{record_engine}};

CREATE TABLE {{table cowrie_db_keyfingerprints}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  session String COMMENT 'Cowrie''s id of the session',
  username String COMMENT 'user name that was tried',
  fingerprint String COMMENT 'MD5 fingerprint of the public key that was offered',
  ip String COMMENT 'the attacker''s address, of its session',
  sensor_name String COMMENT 'sensors.ip of its session'
) {{record_engine}};

CREATE TABLE {{table cowrie_db_params}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  session String COMMENT 'Cowrie''s id of the session',
  arch LowCardinality(String) COMMENT 'architecture that Cowrie pretended to have',
  ip String COMMENT 'the attacker''s address, of its session',
  sensor_name String COMMENT 'sensors.ip of its session'
) {{record_engine}};

CREATE TABLE {{table cowrie_db_ipforwards}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  session String COMMENT 'Cowrie''s id of the session',
  dst_ip String COMMENT 'address or name that was asked for',
  dst_port UInt16 COMMENT 'port that was asked for',
  ip String COMMENT 'the attacker''s address, of its session',
  sensor_name String COMMENT 'sensors.ip of its session'
) {{record_engine}};

CREATE TABLE {{table cowrie_db_ipforwardsdata}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  session String COMMENT 'Cowrie''s id of the session',
  dst_ip String COMMENT 'address or name that was asked for',
  dst_port UInt16 COMMENT 'port that was asked for',
  `data` String COMMENT 'forwarded data, as Python prints bytes',
  ip String COMMENT 'the attacker''s address, of its session',
  sensor_name String COMMENT 'sensors.ip of its session'
) {{record_engine}};

CREATE TABLE {{table cowrie_db_clients}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  client_version String COMMENT 'the client''s SSH version string (Cowrie: version)'
) {{record_engine}};

CREATE TABLE {{table cowrie_db_sensors}} (
  {{record_columns}},
  id UInt64 COMMENT 'number of the row',
  ip String COMMENT 'sensor_name of Cowrie''s configuration, by default the host name'
) {{record_engine}};

CREATE TABLE {{table cowrie_statements}} (
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
