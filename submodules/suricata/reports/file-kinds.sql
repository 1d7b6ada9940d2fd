-- title: Kinds of files
-- question: What are the files that went through?
-- column: fileinfo_magic = what the file is
-- column: files = files
-- column: sources = different addresses
-- chart: bar fileinfo_magic files
SELECT fileinfo_magic, count() AS files, uniqExact(attacker_ip) AS sources
FROM suricata_eve
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND fileinfo_magic != ''
GROUP BY fileinfo_magic
ORDER BY files DESC, fileinfo_magic
LIMIT 100
