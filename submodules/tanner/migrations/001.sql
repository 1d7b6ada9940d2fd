CREATE TABLE {{table tanner_report}} (
  {{record_columns}},
  method LowCardinality(String) COMMENT 'method of the request',
  path String COMMENT 'path of the request, with its query',
  headers Map(String, String) COMMENT 'headers of the request, names in small letters',
  uuid LowCardinality(String) COMMENT 'id of the SNARE',
  peer_ip String COMMENT 'the attacker''s address',
  peer_port UInt16 COMMENT 'the attacker''s port',
  status UInt16 COMMENT 'status that SNARE answered',
  post_data Map(String, String) COMMENT 'fields of a form that was sent',
  cookies Map(String, String) COMMENT 'cookies of the request',
  sess_uuid String COMMENT 'TANNER''s id of the session',
  detection_name LowCardinality(String) COMMENT 'what TANNER took the request for: index, unknown, wp-content, or the attack',
  detection_type UInt8 COMMENT '1 a page, 2 an answer made for the attack, 3 with a status or headers of its own',
  detection_order UInt8 COMMENT 'weight of the attack among those that match',
  detection_version LowCardinality(String) COMMENT 'version of TANNER',
  detection_payload String COMMENT 'answer that TANNER made, JSON'
) {{record_engine}};
