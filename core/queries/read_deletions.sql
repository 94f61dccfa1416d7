SELECT sequence, at, what, site, day, previous, hash
FROM deletions
ORDER BY sequence, hash
