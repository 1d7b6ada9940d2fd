CREATE TABLE {{table snort_full}} (
  {{record_columns}},
  gid UInt32 COMMENT 'generator of the rule',
  sid UInt32 COMMENT 'number of the rule',
  rev UInt32 COMMENT 'revision of the rule',
  msg LowCardinality(String) COMMENT 'message of the rule',
  class LowCardinality(String) COMMENT 'classification of the rule, in words',
  priority UInt8 COMMENT '1 is worst',
  proto LowCardinality(String) COMMENT 'protocol of the packet',
  src_addr String COMMENT 'sender of the packet',
  src_port UInt16 COMMENT 'its port',
  dst_addr String COMMENT 'receiver of the packet',
  dst_port UInt16 COMMENT 'its port',
  ttl UInt8 COMMENT 'time to live of the packet',
  xref String COMMENT 'where the rule is explained; several joined by spaces'
) {{record_engine}};
