SELECT token, first, last FROM batches WHERE reason IS NULL AND NOT delivered ORDER BY first LIMIT 1
