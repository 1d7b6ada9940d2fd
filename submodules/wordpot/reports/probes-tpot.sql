-- title: Probes (T-Pot 2024)
-- question: What is asked for, by T-Pot's log of 2024?
-- column: asked = plugin, theme, path or URL
-- column: requests = requests
-- column: sources = different addresses
-- chart: bar asked requests
SELECT
  multiIf(component != '', component, wordpot_tpot.path != '', wordpot_tpot.path, pathFull(url)) AS asked,
  count() AS requests,
  uniqExact(attacker_ip) AS sources
FROM wordpot_tpot
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND attacker_ip != toIPv6('::') AND plugin != 'timthumb'
GROUP BY asked
ORDER BY requests DESC, asked
LIMIT 100
