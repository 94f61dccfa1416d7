SELECT sequence, at, hash, changes
FROM notices
ORDER BY sequence DESC, at DESC, hash DESC
LIMIT {most:UInt32}
