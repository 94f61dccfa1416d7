-- SQLite. The rows of every commit that has these bytes in them.
SELECT rows FROM commits WHERE instr(rows, ?) > 0 ORDER BY id
