SELECT site, day, at, took FROM published FINAL WHERE NOT closed
