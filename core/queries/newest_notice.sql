SELECT sequence, at, hash, content
FROM notices
ORDER BY sequence DESC, at DESC, hash DESC
LIMIT 1
