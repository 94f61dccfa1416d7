SELECT site, day FROM published FINAL WHERE closed AND day IN {days:Array(Date)}
