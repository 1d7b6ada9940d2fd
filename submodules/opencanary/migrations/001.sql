CREATE TABLE {{table opencanary_json}} (
  {{record_columns}},
  logtype UInt32 COMMENT 'kind of the line; listed in logtypes.json',
  node_id LowCardinality(String) COMMENT 'device.node_id of OpenCanary''s configuration',
  src_host String COMMENT 'the attacker''s address',
  src_port UInt16 COMMENT 'the attacker''s port; 0 where OpenCanary writes -1',
  dst_host String COMMENT 'the honeypot''s address',
  dst_port UInt16 COMMENT 'the honeypot''s port; 0 where OpenCanary writes -1',
  honeycred Bool COMMENT 'the credentials are among the service''s honeycreds',
  logdata Map(LowCardinality(String), String) COMMENT 'what the module has to say, by OpenCanary''s names; lists and objects as JSON'
) {{record_engine}};
