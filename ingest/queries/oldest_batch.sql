SELECT token, first, last FROM batches WHERE reason IS NULL ORDER BY first LIMIT 1
