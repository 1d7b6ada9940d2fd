-- title: Plugins and themes
-- question: Which are asked for?
-- column: component_slug = name of the plugin or theme
-- column: component_type = plugin, theme …
-- column: requests = requests
-- column: sources = different addresses
-- chart: table
SELECT component_slug, component_type, count() AS requests, uniqExact(attacker_ip) AS sources
FROM wordpot_json
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND component_slug != ''
GROUP BY component_slug, component_type
ORDER BY requests DESC, component_slug, component_type
LIMIT 100
