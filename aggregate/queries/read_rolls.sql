-- The rolls of some days that readers see now.
SELECT day, roll
FROM published FINAL
WHERE site = {site:UInt32} AND day IN {days:Array(Date)}
ORDER BY day
