-- The line of the deletion record that says when a day's key was destroyed; of the last day before one.
SELECT sequence, at, what, site, day, previous, hash
FROM deletions
WHERE what = 'key' AND site = {site:UInt32} AND day <= {day:Date}
ORDER BY day DESC, sequence
LIMIT 1
