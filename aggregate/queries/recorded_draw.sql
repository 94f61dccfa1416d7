SELECT dimension, value, number
FROM report_draws
WHERE site = {site:UInt32} AND day = {day:Date} AND attempt =
(
    SELECT min(attempt) FROM report_draws WHERE site = {site:UInt32} AND day = {day:Date}
)
ORDER BY dimension, number DESC, value
