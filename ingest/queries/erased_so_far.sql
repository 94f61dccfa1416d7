SELECT -sum(hits)
FROM tallies FINAL
WHERE site = {site:UInt32} AND day = {day:Date} AND outcome = {outcome:String} AND counter = {counter:String}
  AND counted = {counted:Date}
