CREATE TABLE {{table host_network_connections}} (
  {{record_columns}},
  container LowCardinality(String) COMMENT 'container that the collector looked at',
  kind LowCardinality(String) COMMENT 'what the reading tells',
  transport LowCardinality(String) COMMENT 'tcp or udp',
  direction LowCardinality(String) COMMENT 'inbound, outbound or internal; empty of a port that is listened on',
  local_ip String COMMENT 'address of the container',
  local_port UInt16 COMMENT 'its port',
  remote_ip String COMMENT 'address of the other side',
  remote_port UInt16 COMMENT 'its port',
  state LowCardinality(String) COMMENT 'state of TCP when it was seen last',
  uid UInt32 COMMENT 'user of the socket, as the host numbers it',
  since String COMMENT 'when it was seen first; of closed only',
  seconds Float64 COMMENT 'how long it was seen; of closed only',
  bytes_in UInt64 COMMENT 'bytes from the other side; 0 where the kernel does not count',
  bytes_out UInt64 COMMENT 'bytes to the other side; 0 where the kernel does not count'
) {{record_engine}};
