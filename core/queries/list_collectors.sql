SELECT place, watermark, stated, stopped FROM collectors FINAL ORDER BY place
