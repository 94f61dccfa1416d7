-- The sessions of an account that run.
SELECT login.session, login.created, uses.day
FROM
(
    SELECT session, created
    FROM logins FINAL
    WHERE email = {email:String} AND NOT ended AND NOT half AND expires > fromUnixTimestamp64Milli({now:Int64})
) AS login
LEFT JOIN (SELECT used, day FROM last_uses FINAL) AS uses ON uses.used = login.session
ORDER BY uses.day DESC, login.created DESC, login.session
