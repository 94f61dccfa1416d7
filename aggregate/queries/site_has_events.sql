SELECT 1 FROM events WHERE site = {site:UInt32} LIMIT 1
