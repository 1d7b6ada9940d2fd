-- title: URLs
-- question: From where was the honeypot told to fetch? An URL that was offered and is not among the files that came in failed or was gone.
-- column: url = what the shellcode or command named
-- column: offers = times it was offered
-- column: sources = different addresses
-- column: first = first time
-- column: last = last time
-- chart: bar url offers
SELECT offer_url AS url, count() AS offers, uniqExact(attacker_ip) AS sources, min(detect_ts) AS first, max(detect_ts) AS last
FROM dionaea_offers
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND NOT bitTest(flags, 3)
GROUP BY url
ORDER BY offers DESC, url
LIMIT 100
