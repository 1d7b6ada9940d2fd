-- title: Sources
-- question: Who speaks to it?
-- column: src_ip = the attacker's address
-- column: contacts = times that something came
-- column: sources = different addresses
-- chart: bar src_ip contacts
SELECT src_ip, count() AS contacts, uniqExact(attacker_ip) AS sources
FROM medpot_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
GROUP BY src_ip
ORDER BY contacts DESC, src_ip
LIMIT 100
