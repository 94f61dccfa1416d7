-- A site's rows whose visitors asked for receipts, of one day, by the last byte of the receipt's mark: a server that
-- logs at the level trace writes parameters down. Its columns are those of the event, in order.
SELECT * FROM events
WHERE site = {site:UInt32} AND day = {day:Date} AND receipt != 0 AND receipt % 256 = {mark:UInt8}
ORDER BY received
