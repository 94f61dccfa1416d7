-- Every part of raw events on disk, also those that ClickHouse has replaced and not yet removed
-- (old_parts_lifetime), and those of imports that are under way.
SELECT table, partition, active, modification_time, remove_time
FROM system.parts
WHERE database = currentDatabase() AND (table = 'events' OR match(table, '^import_[0-9a-f]{16}$'))
ORDER BY table, partition, name
