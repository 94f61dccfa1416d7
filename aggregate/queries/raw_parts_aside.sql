-- Parts of raw events that ClickHouse or an operator has detached: DROP PARTITION leaves them on disk.
SELECT table, name
FROM system.detached_parts
WHERE database = currentDatabase() AND (table = 'events' OR match(table, '^import_[0-9a-f]{16}$'))
ORDER BY table, name
