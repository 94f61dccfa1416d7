SELECT sequence, at, who, site, what, detail, previous, hash
FROM accesses
WHERE {site:UInt32} = 0 OR site = {site:UInt32}
ORDER BY sequence, hash
