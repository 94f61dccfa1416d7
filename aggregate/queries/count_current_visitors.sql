-- How many visitors some sites have had in the minutes before now. Those who only said how long they had read
-- are not among them, as in all other numbers.
INSERT INTO current_visitors (site, visitors, at)
SELECT site, uniqExact(day, visitor), fromUnixTimestamp64Milli({now:Int64}, 'UTC')
FROM events
WHERE (site, day) IN {days:Array(Tuple(UInt32, Date))}
    AND received > fromUnixTimestamp64Milli({after:Int64}, 'UTC')
    AND received <= fromUnixTimestamp64Milli({now:Int64}, 'UTC')
    AND visitor != 0
    AND name != 'engagement'
GROUP BY site
