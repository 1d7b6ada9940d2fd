CREATE TABLE {{table dionaea_json}} (
  {{record_columns}},
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen or reject',
  dst_ip String COMMENT 'the honeypot''s address',
  dst_port UInt16 COMMENT 'the honeypot''s port',
  src_hostname String COMMENT 'name of the other side, where Dionaea was told a name',
  src_ip String COMMENT 'the other side''s address',
  src_port UInt16 COMMENT 'the other side''s port',
  credentials Array(Tuple(username String, password String)) COMMENT 'log-ins of FTP, MSSQL and MySQL, in their order',
  ftp_commands Array(Tuple(command String, arguments String)) COMMENT 'commands of FTP, in their order',
  p0f Map(String, String) COMMENT 'what p0f made of the other side''s system'
) {{record_engine}};
