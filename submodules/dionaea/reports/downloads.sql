-- title: Files that came in
-- question: Which files were caught? An empty URL is a file that was written over SMB.
-- column: md5 = MD5 of the file, its name among Dionaea's binaries
-- column: url = where it came from
-- column: times = how often
-- column: sources = different addresses that brought it
-- chart: table
SELECT download_md5_hash AS md5, download_url AS url, count() AS times, uniqExact(attacker_ip) AS sources
FROM dionaea_downloads
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND NOT bitTest(flags, 3)
GROUP BY md5, url
ORDER BY times DESC, md5, url
LIMIT 100
