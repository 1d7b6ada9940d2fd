-- title: Numbers that were called
-- question: Which numbers are called? The same number with many prefixes is toll fraud that looks for a way out.
-- column: called_number = number that was called
-- column: calls = requests for it
-- column: sources = different addresses
-- chart: bar called_number calls
SELECT called_number, count() AS calls, uniqExact(attacker_ip) AS sources
FROM sentrypeer_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND sip_method = 'INVITE' AND called_number != ''
GROUP BY called_number
ORDER BY calls DESC, called_number
LIMIT 100
