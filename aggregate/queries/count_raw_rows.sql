SELECT count() FROM events WHERE site = {site:UInt32} AND day = {day:Date}
