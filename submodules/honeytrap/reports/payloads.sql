-- title: Payloads
-- question: What is sent most, to which port? The same payload from many sources is one tool.
-- column: md5 = MD5 of the payload
-- column: begins = its beginning, unprintable bytes as dots
-- column: length = its bytes
-- column: attacks = connections that sent it
-- column: sources = different addresses
-- chart: table
SELECT attack_payload_md5_hash AS md5, replaceRegexpAll(toValidUTF8(substring(attack_payload, 1, 60)), '[^ -~]', '.') AS begins, attack_payload_length AS length, count() AS attacks, uniqExact(attacker_ip) AS sources
FROM honeytrap_attackers
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND attack_payload_length > 0 AND NOT is_virtual
GROUP BY md5, begins, length
ORDER BY attacks DESC, md5, begins, length
LIMIT 100
