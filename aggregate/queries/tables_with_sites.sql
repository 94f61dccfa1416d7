SELECT DISTINCT columns.table
FROM system.columns
INNER JOIN system.tables ON tables.database = columns.database AND tables.name = columns.table
WHERE columns.database = currentDatabase()
  AND columns.name = 'site'
  AND tables.engine LIKE '%MergeTree'
  AND NOT startsWith(columns.table, 'import_')
ORDER BY columns.table
