CREATE TABLE {{table conpot_log}} (
  {{record_columns}},
  what LowCardinality(String) COMMENT 'connection, http, snmp, modbus, guardian_ast, kamstrup or ipmi where the line is about a visitor; else empty',
  protocol LowCardinality(String) COMMENT 'server of Conpot, in small letters',
  src_ip String COMMENT 'the attacker''s address',
  src_port UInt16 COMMENT 'the attacker''s port',
  session String COMMENT 'Conpot''s id of the session',
  request LowCardinality(String) COMMENT 'method of HTTP, version and request of SNMP, function of Modbus, command of a tank gauge',
  path String COMMENT 'path of HTTP, object of SNMP',
  details String COMMENT 'headers of HTTP, traffic of Modbus and Kamstrup, as Python writes them',
  text String COMMENT 'the line without its time'
) {{record_engine}};
