-- The months of which the access record has lines that are older than an instant, all of them.
SELECT toStartOfMonth(at) AS month
FROM accesses
GROUP BY month
HAVING addMonths(month, 1) <= toDate({oldest:Date})
ORDER BY month
