-- title: DCE/RPC
-- question: Which interfaces are bound? 4b324fc8-1670-01d3-1278-5a47bf6ee188 is SRVSVC, the door of Conficker (MS08-067).
-- column: interface = UUID of the interface
-- column: binds = times it was bound
-- column: sources = different addresses
-- chart: bar interface binds
SELECT dcerpcbind_uuid AS interface, count() AS binds, uniqExact(attacker_ip) AS sources
FROM dionaea_dcerpcbinds
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
  AND NOT bitTest(flags, 3)
GROUP BY interface
ORDER BY binds DESC, interface
LIMIT 100
