CREATE TABLE {{table honeyd_packet}} (
  {{record_columns}},
  proto LowCardinality(String) COMMENT 'protocol of the packet: tcp, udp, icmp …',
  kind LowCardinality(String) COMMENT '- a packet outside of a connection, S a connection that begins, E one that ends; log for Honeyd''s own lines',
  src_ip String COMMENT 'sender',
  src_port UInt16 COMMENT 'its port',
  dst_ip String COMMENT 'address that was simulated',
  dst_port UInt16 COMMENT 'its port',
  icmp_type UInt8 COMMENT 'type of an ICMP message',
  icmp_code UInt8 COMMENT 'its code',
  `size` UInt32 COMMENT 'bytes of the packet',
  tcp_flags LowCardinality(String) COMMENT 'flags of TCP: F, S, R, P, A, U, E, C',
  os LowCardinality(String) COMMENT 'the sender''s system, as Honeyd guesses it from its packets',
  remark LowCardinality(String) COMMENT 'remark of Honeyd, of a virtual host that dropped the packet …',
  received UInt64 COMMENT 'bytes from the attacker, of a connection that ended',
  sent UInt64 COMMENT 'bytes to the attacker'
) {{record_engine}};

CREATE TABLE {{table honeyd_service}} (
  {{record_columns}},
  proto LowCardinality(String) COMMENT 'protocol of the connection',
  src_ip String COMMENT 'sender',
  src_port UInt16 COMMENT 'its port',
  dst_ip String COMMENT 'address that was simulated',
  dst_port UInt16 COMMENT 'its port',
  line String COMMENT 'what the service script wrote to its standard error'
) {{record_engine}};
