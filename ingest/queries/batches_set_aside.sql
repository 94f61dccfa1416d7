SELECT batches.token, sum(commits.events), min(commits.received), batches.reason
FROM batches JOIN commits ON commits.id BETWEEN batches.first AND batches.last
WHERE batches.reason IS NOT NULL
GROUP BY batches.token
ORDER BY batches.first
