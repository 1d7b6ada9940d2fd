-- title: Files
-- question: Which files passed by, with a hash?
-- column: sha256 = SHA-256 of the file
-- column: filename = its name
-- column: times = times that it passed
-- column: sources = different addresses
-- chart: table
SELECT fileinfo_sha256 AS sha256, fileinfo_filename AS filename, count() AS times, uniqExact(attacker_ip) AS sources
FROM suricata_eve
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND event_type = 'fileinfo' AND fileinfo_sha256 != ''
GROUP BY sha256, filename
ORDER BY times DESC, sha256, filename
LIMIT 100
