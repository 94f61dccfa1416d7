SELECT table, name
FROM system.columns
WHERE database = currentDatabase() AND type LIKE '%String%' AND default_kind != 'ALIAS'
ORDER BY table, position
