SELECT count() FROM second_factors FINAL WHERE secret != ''
