SELECT sequence, hash
FROM deletions
ORDER BY sequence DESC
LIMIT 1
