SELECT count()
FROM events
WHERE (site, day, visitor) IN (SELECT site, day, visitor FROM erasing WHERE erasure = {erasure:String})
