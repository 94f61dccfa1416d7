-- The columns of every table that holds reports or what they are made of for longer than a day.
SELECT table, name, type
FROM system.columns
WHERE database = currentDatabase() AND match(table, '^(report_.*|published.*|current_visitors|tallies|carried.*)$')
ORDER BY table, position
