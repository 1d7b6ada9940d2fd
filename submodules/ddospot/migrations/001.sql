CREATE TABLE {{table ddospot_log}} (
  {{record_columns}},
  pot LowCardinality(String) COMMENT 'which pot wrote it, by the fields of the line: chargen, dns, generic, ntp or ssdp',
  src_ip String COMMENT 'sender of the request; where it is forged, the victim',
  src_port UInt16 COMMENT 'its port',
  dst_port UInt16 COMMENT 'port that was asked (generic)',
  req_size UInt32 COMMENT 'bytes of the request',
  resp_size UInt32 COMMENT 'bytes of the answer',
  req_pkt String COMMENT 'the request, in base 64',
  resp_pkt String COMMENT 'the answer, in base 64',
  mode LowCardinality(String) COMMENT 'NTP: MONLIST, CONTROL, DATA …',
  st LowCardinality(String) COMMENT 'SSDP: what was searched',
  mx LowCardinality(String) COMMENT 'SSDP: seconds to wait',
  opcode UInt8 COMMENT 'DNS: operation',
  dns_name String COMMENT 'DNS: name that was asked for',
  dns_type LowCardinality(String) COMMENT 'DNS: type of record',
  dns_cls LowCardinality(String) COMMENT 'DNS: class',
  message String COMMENT 'line without JSON: DDoSPot''s own doing'
) {{record_engine}};
