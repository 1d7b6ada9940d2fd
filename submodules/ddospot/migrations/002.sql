-- The tables of attacks of pots/*/dblogger.py: a row is a flow of requests of one sender.

CREATE TABLE {{table ddospot_chargen_attack}} (
  {{record_columns}},
  src_id UInt32 COMMENT 'sender of the requests, IPv4 as a number; where it is forged, the victim',
  src_port UInt16 COMMENT 'port of its first request ever',
  start String COMMENT 'first request',
  latest String COMMENT 'last request',
  `count` UInt64 COMMENT 'requests until the row was read',
  request_pkt String COMMENT 'the first request, in base 64',
  request_size UInt32 COMMENT 'bytes of a request',
  response_size UInt32 COMMENT 'bytes of an answer'
) {{record_engine}};

CREATE TABLE {{table ddospot_dns_attack}} (
  {{record_columns}},
  src_id UInt32 COMMENT 'sender of the requests, IPv4 as a number; where it is forged, the victim',
  domain_id UInt64 COMMENT 'row of dnspot_domains',
  domain_name String COMMENT 'name that was asked for',
  opcode UInt8 COMMENT 'operation',
  dns_type LowCardinality(String) COMMENT 'type of record',
  dns_cls LowCardinality(String) COMMENT 'class',
  start String COMMENT 'first request',
  latest String COMMENT 'last request',
  `count` UInt64 COMMENT 'requests until the row was read',
  num_entries UInt32 COMMENT 'records in the answer',
  response String COMMENT 'the answer, in base 64',
  amplification Float64 COMMENT 'bytes of the answer for one of the request'
) {{record_engine}};

CREATE TABLE {{table ddospot_generic_attack}} (
  {{record_columns}},
  src_id UInt32 COMMENT 'sender of the requests, IPv4 as a number; where it is forged, the victim',
  src_port UInt16 COMMENT 'port of its first request ever',
  dst_port UInt16 COMMENT 'port that was asked',
  start String COMMENT 'first request',
  latest String COMMENT 'last request',
  `count` UInt64 COMMENT 'requests until the row was read',
  request_pkt String COMMENT 'the first request, in base 64',
  request_size UInt32 COMMENT 'bytes of a request',
  response_size UInt32 COMMENT 'bytes of an answer'
) {{record_engine}};

CREATE TABLE {{table ddospot_ntp_attack}} (
  {{record_columns}},
  src_id UInt32 COMMENT 'sender of the requests, IPv4 as a number; where it is forged, the victim',
  src_port UInt16 COMMENT 'port of its first request ever',
  mode UInt8 COMMENT '3 data, 6 control, 7 monlist',
  start String COMMENT 'first request',
  latest String COMMENT 'last request',
  `count` UInt64 COMMENT 'requests until the row was read',
  request_pkt String COMMENT 'the first request, in base 64',
  response_pkt String COMMENT 'the answer, in base 64',
  request_size UInt32 COMMENT 'bytes of a request',
  response_size UInt32 COMMENT 'bytes of an answer'
) {{record_engine}};

CREATE TABLE {{table ddospot_ssdp_attack}} (
  {{record_columns}},
  src_id UInt32 COMMENT 'sender of the requests, IPv4 as a number; where it is forged, the victim',
  src_port UInt16 COMMENT 'port of its first request ever',
  st String COMMENT 'what was searched',
  mx UInt32 COMMENT 'seconds to wait',
  start String COMMENT 'first request',
  latest String COMMENT 'last request',
  `count` UInt64 COMMENT 'requests until the row was read',
  request_pkt String COMMENT 'the first request, in base 64',
  response_pkt String COMMENT 'the answer, in base 64',
  request_size UInt32 COMMENT 'bytes of a request',
  response_size UInt32 COMMENT 'bytes of an answer'
) {{record_engine}};
