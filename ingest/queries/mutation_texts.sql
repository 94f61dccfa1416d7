SELECT table, command
FROM system.mutations
WHERE database = currentDatabase()
ORDER BY table, create_time
