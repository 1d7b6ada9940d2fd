-- Landing table -> record tables. A record is one datagram, as model/submodule.ts says of captures; its bytes are
-- decoded here. Numbers are big-endian. substring() of bytes that are not there is shorter, never an error.

-- define u32
reinterpretAsUInt32(reverse(substring(bytes, {{1}}, 4)))

-- define u16
reinterpretAsUInt16(reverse(substring(bytes, {{1}}, 2)))

-- into sebek_packets
WITH
  unhex(JSONExtractString(raw, 'payload', '$hex')) AS bytes,
  {{use u16 5}} AS protocol_,
  {{use u16 7}} AS type_,
  protocol_ = 3 AS is_3,
  -- Where the fields stand behind the time: version 3 has the parent's process first.
  if(is_3, 25, 21) AS at,
  if(is_3, 41, 33) AS at_command,
  if(is_3, 57, 49) AS at_data,
  {{use u32 13}} AS seconds,
  {{use u32 17}} AS microseconds,
  -- Some clients of version 2 wrote the length little-endian.
  if(
    is_3 OR {{use u32 at_command+12}} <= length(bytes), {{use u32 at_command+12}},
    reinterpretAsUInt32(substring(bytes, at_command + 12, 4))
  ) AS length_,
  fromUnixTimestamp64Micro(toInt64(seconds) * 1000000 + least(microseconds, 999999), 'UTC') AS written,
  fromUnixTimestamp64Micro(JSONExtractInt(raw, 'captured_us'), 'UTC') AS captured,
  {{sensible written}} AS is_written,
  {{sensible captured}} AS is_captured,
  substring(bytes, at_data, least(length_, 65535)) AS data_,
  is_3 AND type_ = 2 AS is_socket,
  {{use u16 at_data+10+2}} AS socket_number
SELECT
  {{record_values}},
  multiIf(is_written, written, is_captured, captured, collect_ts) AS detect_ts,
  if(is_written OR is_captured, 'sensor', 'receipt') AS detect_basis,
  multiIf(
    bitTest(flags, 0), 'partial',
    NOT isValidJSON(toValidUTF8(raw)), 'not_json',
    NOT isValidUTF8(raw), 'bad_utf8',
    length(bytes) < at_data - 1 OR NOT (is_written OR is_captured), 'partial',
    protocol_ NOT IN (2, 3) OR type_ > 3, 'unknown_kind',
    length(data_) < if(is_socket, 15, length_), 'partial',
    'ok'
  ) AS parse,
  if(is_socket AND socket_number = 5 AND length(data_) >= 15, toIPv6OrDefault(concat('::ffff:', toString(remote_ip))), toIPv6('::')) AS attacker_ip,
  {{geo attacker_ip}},
  JSONExtractString(raw, 'from') AS from_ip,
  accurateCastOrDefault(JSONExtractInt(raw, 'from_port'), 'UInt16') AS from_port,
  JSONExtractString(raw, 'to') AS to_ip,
  captured AS captured_ts,
  {{use u32 1}} AS magic,
  protocol_ AS protocol,
  multiIf(length(bytes) < 8, '', type_ = 0, 'read', type_ = 1, 'write', type_ = 2, 'socket', type_ = 3, 'open', toString(type_)) AS kind,
  {{use u32 9}} AS counter,
  if(is_3, {{use u32 21}}, toUInt32(0)) AS parent_pid,
  {{use u32 at}} AS pid,
  {{use u32 at+4}} AS uid,
  {{use u32 at+8}} AS fd,
  if(is_3, {{use u32 37}}, toUInt32(0)) AS inode,
  splitByChar('\0', substring(bytes, at_command, 12))[1] AS `command`,
  length_ AS length,
  if(is_socket, '', data_) AS `data`,
  multiIf(
    NOT is_socket, '',
    transform(
      toUInt16(socket_number),
      [1, 2, 3, 4, 5, 9, 10, 11, 12, 16, 17],
      ['socket', 'bind', 'connect', 'listen', 'accept', 'send', 'recv', 'sendto', 'recvfrom', 'sendmsg', 'recvmsg'],
      toString(socket_number)
    )
  ) AS socket_call,
  if(is_socket, socket_number, toUInt16(0)) AS socket_call_number,
  if(is_socket, CAST({{use u32 at_data}}, 'IPv4'), toIPv4('0.0.0.0')) AS remote_ip,
  if(is_socket, {{use u16 at_data+4}}, toUInt16(0)) AS remote_port,
  if(is_socket, CAST({{use u32 at_data+6}}, 'IPv4'), toIPv4('0.0.0.0')) AS local_ip,
  if(is_socket, {{use u16 at_data+10}}, toUInt16(0)) AS local_port,
  if(is_socket, reinterpretAsUInt8(substring(bytes, at_data + 14, 1)), toUInt8(0)) AS ip_protocol
FROM {{landing sebek}}
