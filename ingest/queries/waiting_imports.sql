-- Imports that were cut off between the last line and the store: all that they need is there.
SELECT site, file, tallies, not_understood
FROM imports FINAL
WHERE state = 'staged'
ORDER BY at
