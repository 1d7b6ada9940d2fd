CREATE TABLE {{table cisco_syslog}} (
  {{record_columns}},
  facility LowCardinality(String) COMMENT 'ASA, FTD, PIX, FWSM, or the facility of IOS: SEC_LOGIN, SYS, IPS …',
  severity UInt8 COMMENT '0 emergency … 7 debugging',
  mnemonic LowCardinality(String) COMMENT 'number of the message (ASA) or its name (IOS)',
  message String COMMENT 'the text behind it',
  src_ip String COMMENT 'source in the text',
  src_port UInt16 COMMENT 'its port',
  dst_ip String COMMENT 'destination in the text',
  dst_port UInt16 COMMENT 'its port',
  proto LowCardinality(String) COMMENT 'protocol in the text, in small letters',
  username String COMMENT 'user in the text',
  `command` String COMMENT 'command that a user gave',
  list LowCardinality(String) COMMENT 'access list or signature that decided',
  hits UInt32 COMMENT 'packets that the line stands for'
) {{record_engine}};
