SELECT received, events, rows, tallies FROM commits WHERE id BETWEEN ? AND ? ORDER BY id
