SELECT invite, email, role, by_site, inviter, created, expires
FROM invites FINAL
WHERE NOT ended AND expires > fromUnixTimestamp64Milli({now:Int64})
ORDER BY email, created
