CREATE TABLE {{table host_network_captures}} (
  {{record_columns}},
  container LowCardinality(String) COMMENT 'container whose traffic it is',
  began DateTime64(6, 'UTC') COMMENT 'first packet',
  ended DateTime64(6, 'UTC') COMMENT 'last packet',
  packets UInt64 COMMENT 'packets in the file; 0 where the collector ended before it was finished',
  lost UInt64 COMMENT 'packets that the kernel of the host had no room for, as far as it told before the file was finished',
  reason LowCardinality(String) COMMENT 'of not_taken: room on the disk of the collector, or budget of the hour',
  files UInt32 COMMENT 'of not_taken: how many files',
  {{artifact_columns}}
) {{record_engine}};
