CREATE TABLE {{table sentrypeer_json}} (
  {{record_columns}},
  app_name LowCardinality(String) COMMENT 'sentrypeer',
  app_version LowCardinality(String) COMMENT 'its version',
  event_uuid String COMMENT 'SentryPeer''s id of the request',
  created_by_node_id LowCardinality(String) COMMENT 'node that saw it',
  collected_method LowCardinality(String) COMMENT 'responsive: it answers; passive: it does not',
  transport_type LowCardinality(String) COMMENT 'UDP, TCP or TLS',
  source_ip String COMMENT 'the attacker''s address',
  destination_ip String COMMENT 'the honeypot''s address',
  called_number String COMMENT 'number that was called, or registers',
  sip_method LowCardinality(String) COMMENT 'method of the request',
  sip_user_agent String COMMENT 'what the client calls itself',
  sip_message String COMMENT 'the whole request'
) {{record_engine}};
