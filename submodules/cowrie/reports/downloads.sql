-- title: Files that came in
-- question: Which files were downloaded, uploaded or written, and from where? The same SHA-256 behind several URLs is one campaign.
-- column: shasum = SHA-256 of the file; empty where the download failed
-- column: url = where it came from; empty for uploads and for what was typed into a file
-- column: path = where the attacker put it, or its name; the databases do not keep it
-- column: way = file_download, file_download.failed or file_upload; unknown for an upload or a written file of a database, which does not tell them apart
-- column: times = how often
-- column: sources = different addresses that brought it
-- link: shasum=file_sha256
-- chart: table
SELECT shasum, url, path, way, count() AS times, uniqExact(attacker_ip) AS sources
FROM ({{use files}})
GROUP BY shasum, url, path, way
ORDER BY times DESC, shasum, url, path, way
LIMIT 100
