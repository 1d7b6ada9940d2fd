CREATE TABLE {{table log4pot_log}} (
  {{record_columns}},
  type LowCardinality(String) COMMENT 'start, request, exploit, payload, exception or end',
  correlation_id String COMMENT 'Log4Pot''s id of the request, which joins its lines',
  client String COMMENT 'the attacker''s address',
  port UInt16 COMMENT 'the attacker''s port',
  server_port UInt16 COMMENT 'the honeypot''s port',
  request String COMMENT 'first line of the request',
  headers Map(String, String) COMMENT 'headers of the request, under names as they came',
  location String COMMENT 'where the expression stood: request, or header- and a name',
  payload String COMMENT 'the expression as it came',
  deobfuscated_payload String COMMENT 'the expression as Java would read it',
  ldap_sha256 String COMMENT 'SHA-256 of what the LDAP server answered',
  class_sha256 String COMMENT 'SHA-256 of the class',
  generic_sha256 String COMMENT 'SHA-256 of what was fetched by other protocols',
  urls Map(String, String) COMMENT 'URLs in what was fetched, and the SHA-256 of what was there, or why it was not fetched',
  error String COMMENT 'why nothing could be fetched'
) {{record_engine}};

CREATE TABLE {{table log4pot_payloads}} ({{record_columns}}, {{artifact_columns}}) {{record_engine}};
