-- title: TLS fingerprints
-- question: Which TLS clients are there? One fingerprint from many sources is one tool.
-- column: tls_ja3 = JA3 of the client
-- column: tls_ja4 = JA4 of the client
-- column: lines = lines with both
-- column: sources = different addresses
-- chart: table
SELECT tls_ja3, tls_ja4, count() AS lines, uniqExact(attacker_ip) AS sources
FROM suricata_eve
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND (tls_ja3 != '' OR tls_ja4 != '')
GROUP BY tls_ja3, tls_ja4
ORDER BY lines DESC, tls_ja3, tls_ja4
LIMIT 100
