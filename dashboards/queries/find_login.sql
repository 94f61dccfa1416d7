-- Whose session this is, if it runs and the account is still there.
SELECT email
FROM logins FINAL
WHERE session = {session:String}
    AND NOT ended
    AND expires > fromUnixTimestamp64Milli({now:Int64})
    AND email IN (SELECT email FROM accounts FINAL WHERE NOT removed)
