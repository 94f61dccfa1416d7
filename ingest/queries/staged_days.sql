SELECT DISTINCT day FROM {table:Identifier} ORDER BY day
