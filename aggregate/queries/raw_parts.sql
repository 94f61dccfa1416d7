-- Every part of raw events on disk, also those that ClickHouse has replaced and not yet removed
-- (old_parts_lifetime), and those of imports that are under way. Some that an erasure has emptied have no time of
-- removal: then it is no earlier than that of their making.
SELECT table, partition, active, modification_time, greatest(remove_time, modification_time)
FROM system.parts
WHERE database = currentDatabase() AND (table = 'events' OR match(table, '^import_[0-9a-f]{16}$'))
ORDER BY table, partition, name
