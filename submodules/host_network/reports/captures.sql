-- title: Captures
-- question: Which files of packets are there, and what was not captured?
-- column: capture = file, by its SHA-256; empty where files were not taken
-- column: container = container
-- column: began = first packet
-- column: ended = last packet
-- column: packets = packets in it
-- column: bytes = bytes
-- column: lost = packets that the kernel lost
-- column: not_taken = files that were not taken
-- chart: table
SELECT taken_sha256 AS capture, container, began, ended, packets, size AS bytes, lost, files AS not_taken
FROM host_network_captures
WHERE detect_ts >= {from:DateTime64(6)} AND detect_ts < {to:DateTime64(6)} AND sensor_id IN {sensors:Array(UInt32)}
ORDER BY ended DESC, began, capture, container, place, version
LIMIT 1000
