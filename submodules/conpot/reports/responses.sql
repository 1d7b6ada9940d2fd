-- title: Responses
-- question: What does it answer?
-- column: protocol = server of Conpot
-- column: answer = the answer, cut to 200 characters
-- column: times = times that it was given
-- column: sources = different addresses
-- chart: table
SELECT data_type AS protocol, substringUTF8(response, 1, 200) AS answer, count() AS times, uniqExact(attacker_ip) AS sources
FROM conpot_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND response != ''
GROUP BY protocol, answer
ORDER BY times DESC, protocol, answer
LIMIT 100
