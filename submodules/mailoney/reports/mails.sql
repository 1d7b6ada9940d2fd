-- title: Mails
-- question: From whom and to whom are mails to be sent?
-- column: line = sender or receivers, as Mailoney notes them
-- column: times = times that it came
-- column: sources = different addresses
-- chart: bar line times
SELECT data AS line, count() AS times, uniqExact(attacker_ip) AS sources
FROM mailoney_mail
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND match(data, '^Mail (from|to): ')
GROUP BY line
ORDER BY times DESC, line
LIMIT 100
