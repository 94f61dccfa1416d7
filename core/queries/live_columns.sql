SELECT table, name
FROM system.columns
WHERE database = currentDatabase()
ORDER BY table, position
