-- title: At a glance
-- question: How much was seen in all? Many connections without a file are scans and word lists; different files are counted by their MD5.
-- column: what = what is counted
-- column: number = how many
-- chart: bar what number
SELECT what, sum(number) AS number
FROM (
  SELECT '1: connections' AS what, count() AS number
  FROM dionaea_connections
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND version = 0 AND (connection_type IN ('accept', 'reject', 'pending') OR connection_transport = 'udp')
  UNION ALL
  SELECT '2: different addresses', uniqExact(attacker_ip)
  FROM dionaea_connections
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND version = 0 AND (connection_type IN ('accept', 'reject', 'pending') OR connection_transport = 'udp')
  UNION ALL
  SELECT '3: different URLs', uniqExactIf(offer_url, offer_url != '')
  FROM dionaea_offers
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND NOT bitTest(flags, 3)
  UNION ALL
  SELECT '4: files that came in', count()
  FROM dionaea_downloads
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND NOT bitTest(flags, 3)
  UNION ALL
  SELECT '5: different files', uniqExact(download_md5_hash)
  FROM dionaea_downloads
  WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
    AND NOT bitTest(flags, 3)
)
GROUP BY what
HAVING number > 0
ORDER BY what
LIMIT 5
