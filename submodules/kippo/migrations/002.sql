-- Kippo's text logs: that of Twisted (kippo.log), and that of kippo/dblog/textlog.py.

CREATE TABLE {{table kippo_log}} (
  {{record_columns}},
  system String COMMENT 'part of Kippo that wrote it',
  session String COMMENT 'Kippo''s number of the connection, from 0 at each start; empty where the line does not have it',
  what LowCardinality(String) COMMENT 'connection, log-in, command, input or download; empty where Kippo tells of its own doing',
  src_ip String COMMENT 'the attacker''s address, where the line has it',
  src_port UInt16 COMMENT 'the attacker''s port, of a connection',
  dst_ip String COMMENT 'the honeypot''s address, of a connection',
  dst_port UInt16 COMMENT 'the honeypot''s port, of a connection',
  success UInt8 COMMENT 'of a log-in 1 where it was let in, of a command 1 where Kippo knows it',
  username String COMMENT 'user name that was tried',
  password String COMMENT 'password that was tried',
  realm LowCardinality(String) COMMENT 'command that read the input',
  input String COMMENT 'command, or what a command read',
  url String COMMENT 'what was fetched',
  outfile String COMMENT 'file that it was kept in',
  message String COMMENT 'what is behind the head of the line'
) {{record_engine}};

CREATE TABLE {{table kippo_textlog}} (
  {{record_columns}},
  session String COMMENT 'id of the session; not that of the database',
  what LowCardinality(String) COMMENT 'connection, log-in, command, input or download; empty where Kippo tells of its own doing',
  src_ip String COMMENT 'the attacker''s address, where the line has it',
  src_port UInt16 COMMENT 'the attacker''s port, of a connection',
  success UInt8 COMMENT 'of a log-in 1 where it was let in, of a command 1 where Kippo knows it',
  username String COMMENT 'user name that was tried',
  password String COMMENT 'password that was tried',
  realm LowCardinality(String) COMMENT 'command that read the input',
  input String COMMENT 'command, or what a command read',
  url String COMMENT 'what was fetched',
  outfile String COMMENT 'file that it was kept in',
  message String COMMENT 'what is behind the head of the line'
) {{record_engine}};
