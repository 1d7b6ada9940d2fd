-- title: Files that came in
-- question: Which files were downloaded, uploaded or written, and from where? The same SHA-256 behind several URLs is one campaign.
-- column: shasum = SHA-256 of the file; empty where the download failed
-- column: url = where it came from; empty for uploads and for what was typed into a file
-- column: path = where the attacker put it, or its name
-- column: way = file_download, file_download.failed or file_upload
-- column: times = how often
-- column: sources = different addresses that brought it
-- chart: table
SELECT shasum, url, if(destfile = '', filename, destfile) AS path, substring(eventid, 16) AS way, count() AS times,
  uniqExact(attacker_ip) AS sources
FROM cowrie_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND startsWith(eventid, 'cowrie.session.file_')
GROUP BY shasum, url, path, way
ORDER BY times DESC, shasum, url, path, way
LIMIT 100
