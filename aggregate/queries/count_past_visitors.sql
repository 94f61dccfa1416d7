-- Of how many sites there is a number of before now.
SELECT count() FROM current_visitors WHERE at < fromUnixTimestamp64Milli({now:Int64}, 'UTC')
