-- Whose session this is and what they may, if it runs and the account is still there. Three tables are read for each
-- page: another one would cost it two milliseconds more.
SELECT email, role, by_site
FROM roles FINAL
WHERE email IN
    (
        SELECT email
        FROM logins FINAL
        WHERE session = {session:String}
            AND NOT ended
            AND half = {half:Bool}
            AND expires > fromUnixTimestamp64Milli({now:Int64})
    )
    AND email IN (SELECT email FROM accounts FINAL WHERE NOT removed)
