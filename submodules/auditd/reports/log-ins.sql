-- title: Log-ins
-- question: Which accounts are tried, from where?
-- column: acct = account
-- column: addr = address of the other side
-- column: res = how it ended
-- column: attempts = log-ins
-- column: sources = different addresses
-- chart: table
SELECT acct, addr, res, count() AS attempts, uniqExact(attacker_ip) AS sources
FROM auditd_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND `type` = 'USER_AUTH'
GROUP BY acct, addr, res
ORDER BY attempts DESC, acct, addr, res
LIMIT 100
