SELECT state, tallies, not_understood
FROM imports FINAL
WHERE site = {site:UInt32} AND file = {file:String}
