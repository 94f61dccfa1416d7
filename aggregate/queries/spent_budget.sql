SELECT what, epsilon, delta
FROM privacy_budget
WHERE site = {site:UInt32} AND day = {day:Date}
ORDER BY what, epsilon, delta
