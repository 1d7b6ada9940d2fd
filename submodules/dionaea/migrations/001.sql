-- The tables of modules/python/dionaea/logsql.py, each with the columns of the connection that its rows belong to.

CREATE TABLE {{table dionaea_connections}} (
  {{record_columns}},
  connection UInt64 COMMENT 'Dionaea''s number of the connection',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_dcerpcbinds}} (
  {{record_columns}},
  dcerpcbind UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  dcerpcbind_uuid String COMMENT 'interface that was bound',
  dcerpcbind_transfersyntax String COMMENT 'transfer syntax',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_dcerpcrequests}} (
  {{record_columns}},
  dcerpcrequest UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  dcerpcrequest_uuid String COMMENT 'interface that was called',
  dcerpcrequest_opnum Int64 COMMENT 'number of the operation',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_dcerpcservices}} (
  {{record_columns}},
  dcerpcservice UInt64 COMMENT 'number of the row',
  dcerpcservice_uuid String COMMENT 'interface',
  dcerpcservice_name String COMMENT 'Dionaea''s name of it'
) {{record_engine}};

CREATE TABLE {{table dionaea_dcerpcserviceops}} (
  {{record_columns}},
  dcerpcserviceop UInt64 COMMENT 'number of the row',
  dcerpcservice UInt64 COMMENT 'row of dcerpcservices',
  dcerpcserviceop_opnum Int64 COMMENT 'number of the operation',
  dcerpcserviceop_name String COMMENT 'its name',
  dcerpcserviceop_vuln String COMMENT 'bulletin of its vulnerability',
  dcerpcservice_uuid String COMMENT 'interface',
  dcerpcservice_name String COMMENT 'Dionaea''s name of it'
) {{record_engine}};

CREATE TABLE {{table dionaea_emu_profiles}} (
  {{record_columns}},
  emu_profile UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  emu_profile_json String COMMENT 'system calls of the shellcode, as the emulator saw them',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_emu_services}} (
  {{record_columns}},
  emu_serivce UInt64 COMMENT 'number of the row (spelled as Dionaea spells it)',
  connection UInt64 COMMENT 'row of connections',
  emu_service_url String COMMENT 'shell that the shellcode offered: bindshell://port or connectbackshell://host:port',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_emu_services_old}} (
  {{record_columns}},
  emu_serivce UInt64 COMMENT 'number of the row (spelled as Dionaea spells it)',
  connection UInt64 COMMENT 'row of connections',
  emu_service_url String COMMENT 'shell that the shellcode offered: bindshell://port or connectbackshell://host:port',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_offers}} (
  {{record_columns}},
  offer UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  offer_url String COMMENT 'URL from which the honeypot was told to fetch',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_downloads}} (
  {{record_columns}},
  download UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  download_url String COMMENT 'URL it came from; empty for an upload over SMB',
  download_md5_hash String COMMENT 'MD5 of the file, which is its name in the folder of binaries',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_resolves}} (
  {{record_columns}},
  resolve UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  resolve_hostname String COMMENT 'name that was looked up',
  resolve_type String COMMENT 'kind of the look-up',
  resolve_result String COMMENT 'answer',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_p0fs}} (
  {{record_columns}},
  p0f UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  p0f_genre String COMMENT 'operating system',
  p0f_link String COMMENT 'link',
  p0f_detail String COMMENT 'version of the operating system',
  p0f_uptime Int64 COMMENT 'hours since the other side started',
  p0f_tos String COMMENT 'type of service',
  p0f_dist Int64 COMMENT 'hops',
  p0f_nat Int64 COMMENT 'whether it is behind NAT',
  p0f_fw Int64 COMMENT 'whether it is behind a firewall',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_logins}} (
  {{record_columns}},
  login UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  login_username String COMMENT 'user name that was tried',
  login_password String COMMENT 'password that was tried; always empty for MySQL, which sends a hash',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_mssql_fingerprints}} (
  {{record_columns}},
  mssql_fingerprint UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  mssql_fingerprint_hostname String COMMENT 'client''s host name, as it says',
  mssql_fingerprint_appname String COMMENT 'client''s program, as it says',
  mssql_fingerprint_cltintname String COMMENT 'client''s library, as it says',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_mssql_commands}} (
  {{record_columns}},
  mssql_command UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  mssql_command_status LowCardinality(String) COMMENT 'whether the command was received whole',
  mssql_command_cmd String COMMENT 'SQL that was sent',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_virustotals}} (
  {{record_columns}},
  virustotal UInt64 COMMENT 'number of the row',
  virustotal_md5_hash String COMMENT 'MD5 of the file',
  virustotal_timestamp Int64 COMMENT 'seconds since 1970 of VirusTotal''s scan',
  virustotal_permalink String COMMENT 'its report'
) {{record_engine}};

CREATE TABLE {{table dionaea_virustotalscans}} (
  {{record_columns}},
  virustotalscan UInt64 COMMENT 'number of the row',
  virustotal UInt64 COMMENT 'row of virustotals',
  virustotalscan_scanner String COMMENT 'scanner',
  virustotalscan_result String COMMENT 'what it found',
  virustotal_md5_hash String COMMENT 'MD5 of the file',
  virustotal_timestamp Int64 COMMENT 'seconds since 1970 of VirusTotal''s scan',
  virustotal_permalink String COMMENT 'its report'
) {{record_engine}};

CREATE TABLE {{table dionaea_mysql_commands}} (
  {{record_columns}},
  mysql_command UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  mysql_command_cmd Int64 COMMENT 'number of MySQL''s command',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_mysql_command_args}} (
  {{record_columns}},
  mysql_command_arg UInt64 COMMENT 'number of the row',
  mysql_command UInt64 COMMENT 'row of mysql_commands',
  mysql_command_arg_index Int64 COMMENT 'place of the argument, from 0',
  mysql_command_arg_data String COMMENT 'the argument: the SQL of COM_QUERY',
  mysql_command_cmd Int64 COMMENT 'number of MySQL''s command',
  connection UInt64 COMMENT 'row of connections',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_mysql_command_ops}} (
  {{record_columns}},
  mysql_command_op UInt64 COMMENT 'number of the row',
  mysql_command_cmd Int64 COMMENT 'number of MySQL''s command',
  mysql_command_op_name String COMMENT 'its name'
) {{record_engine}};

CREATE TABLE {{table dionaea_sip_commands}} (
  {{record_columns}},
  sip_command UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  sip_command_method String COMMENT 'SIP method',
  sip_command_call_id String COMMENT 'Call-ID',
  sip_command_user_agent String COMMENT 'User-Agent',
  sip_command_allow Int64 COMMENT 'bits of the methods that the client allows',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_sip_addrs}} (
  {{record_columns}},
  sip_addr UInt64 COMMENT 'number of the row',
  sip_command UInt64 COMMENT 'row of sip_commands',
  sip_addr_type LowCardinality(String) COMMENT 'addr, to, contact or from',
  sip_addr_display_name String COMMENT 'display name',
  sip_addr_uri_scheme String COMMENT 'scheme of the URI',
  sip_addr_uri_user String COMMENT 'user of the URI',
  sip_addr_uri_password String COMMENT 'password of the URI',
  sip_addr_uri_host String COMMENT 'host of the URI',
  sip_addr_uri_port String COMMENT 'port of the URI',
  sip_command_method String COMMENT 'SIP method',
  sip_command_call_id String COMMENT 'Call-ID',
  sip_command_user_agent String COMMENT 'User-Agent',
  sip_command_allow Int64 COMMENT 'bits of the methods that the client allows',
  connection UInt64 COMMENT 'row of connections',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_sip_vias}} (
  {{record_columns}},
  sip_via UInt64 COMMENT 'number of the row',
  sip_command UInt64 COMMENT 'row of sip_commands',
  sip_via_protocol String COMMENT 'transport',
  sip_via_address String COMMENT 'address',
  sip_via_port String COMMENT 'port',
  sip_command_method String COMMENT 'SIP method',
  sip_command_call_id String COMMENT 'Call-ID',
  sip_command_user_agent String COMMENT 'User-Agent',
  sip_command_allow Int64 COMMENT 'bits of the methods that the client allows',
  connection UInt64 COMMENT 'row of connections',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_sip_sdp_origins}} (
  {{record_columns}},
  sip_sdp_origin UInt64 COMMENT 'number of the row',
  sip_command UInt64 COMMENT 'row of sip_commands',
  sip_sdp_origin_username String COMMENT 'user name',
  sip_sdp_origin_sess_id String COMMENT 'session id',
  sip_sdp_origin_sess_version String COMMENT 'session version',
  sip_sdp_origin_nettype String COMMENT 'kind of network',
  sip_sdp_origin_addrtype String COMMENT 'kind of address',
  sip_sdp_origin_unicast_address String COMMENT 'address',
  sip_command_method String COMMENT 'SIP method',
  sip_command_call_id String COMMENT 'Call-ID',
  sip_command_user_agent String COMMENT 'User-Agent',
  sip_command_allow Int64 COMMENT 'bits of the methods that the client allows',
  connection UInt64 COMMENT 'row of connections',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_sip_sdp_connectiondatas}} (
  {{record_columns}},
  sip_sdp_connectiondata UInt64 COMMENT 'number of the row',
  sip_command UInt64 COMMENT 'row of sip_commands',
  sip_sdp_connectiondata_nettype String COMMENT 'kind of network',
  sip_sdp_connectiondata_addrtype String COMMENT 'kind of address',
  sip_sdp_connectiondata_connection_address String COMMENT 'address',
  sip_sdp_connectiondata_ttl String COMMENT 'hops',
  sip_sdp_connectiondata_number_of_addresses String COMMENT 'number of addresses',
  sip_command_method String COMMENT 'SIP method',
  sip_command_call_id String COMMENT 'Call-ID',
  sip_command_user_agent String COMMENT 'User-Agent',
  sip_command_allow Int64 COMMENT 'bits of the methods that the client allows',
  connection UInt64 COMMENT 'row of connections',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_sip_sdp_medias}} (
  {{record_columns}},
  sip_sdp_media UInt64 COMMENT 'number of the row',
  sip_command UInt64 COMMENT 'row of sip_commands',
  sip_sdp_media_media String COMMENT 'kind of medium',
  sip_sdp_media_port String COMMENT 'port',
  sip_sdp_media_number_of_ports String COMMENT 'number of ports',
  sip_sdp_media_proto String COMMENT 'protocol',
  sip_command_method String COMMENT 'SIP method',
  sip_command_call_id String COMMENT 'Call-ID',
  sip_command_user_agent String COMMENT 'User-Agent',
  sip_command_allow Int64 COMMENT 'bits of the methods that the client allows',
  connection UInt64 COMMENT 'row of connections',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_mqtt_fingerprints}} (
  {{record_columns}},
  mqtt_fingerprint UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  mqtt_fingerprint_clientid String COMMENT 'client''s name of itself',
  mqtt_fingerprint_willtopic String COMMENT 'topic of its last will',
  mqtt_fingerprint_willmessage String COMMENT 'message of its last will',
  mqtt_fingerprint_username String COMMENT 'user name',
  mqtt_fingerprint_password String COMMENT 'password',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_mqtt_publish_commands}} (
  {{record_columns}},
  mqtt_publish_command UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  mqtt_publish_command_topic String COMMENT 'topic',
  mqtt_publish_command_message String COMMENT 'message',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};

CREATE TABLE {{table dionaea_mqtt_subscribe_commands}} (
  {{record_columns}},
  mqtt_subscribe_command UInt64 COMMENT 'number of the row',
  connection UInt64 COMMENT 'row of connections',
  mqtt_subscribe_command_messageid String COMMENT 'number of the message',
  mqtt_subscribe_command_topic String COMMENT 'topic',
  connection_type LowCardinality(String) COMMENT 'accept, connect, listen, reject or pending',
  connection_transport LowCardinality(String) COMMENT 'tcp, tls or udp',
  connection_protocol LowCardinality(String) COMMENT 'Dionaea''s service that took it',
  connection_timestamp Float64 COMMENT 'seconds since 1970',
  connection_root UInt64 COMMENT 'first connection of the chain that this one belongs to',
  connection_parent UInt64 COMMENT 'connection that led to this one; 0 where none',
  local_host String COMMENT 'the honeypot''s address',
  local_port UInt16 COMMENT 'the honeypot''s port',
  remote_host String COMMENT 'the other side''s address',
  remote_hostname String COMMENT 'its name, where Dionaea was told a name',
  remote_port UInt16 COMMENT 'the other side''s port'
) {{record_engine}};
