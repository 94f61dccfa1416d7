SELECT sum(length(rows) + length(tallies))
FROM commits JOIN batches ON commits.id BETWEEN batches.first AND batches.last
WHERE batches.token = ?
