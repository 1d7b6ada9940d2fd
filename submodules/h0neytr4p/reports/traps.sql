-- title: Traps
-- question: Which traps match?
-- column: trapped_for = name of the trap
-- column: trapped_risk_rating = how grave it is
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT trapped_for, trapped_risk_rating, count() AS requests, uniqExact(attacker_ip) AS sources
FROM h0neytr4p_log
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND trapped
GROUP BY trapped_for, trapped_risk_rating
ORDER BY requests DESC, trapped_for, trapped_risk_rating
LIMIT 100
