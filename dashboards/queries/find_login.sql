-- Whose session this is and what they may, if it runs and the account is still there.
SELECT login.email, standing.role, standing.by_site, chosen.language, uses.day
FROM
(
    SELECT session, email
    FROM logins FINAL
    WHERE session = {session:String}
        AND NOT ended
        AND half = {half:Bool}
        AND expires > fromUnixTimestamp64Milli({now:Int64})
) AS login
INNER JOIN (SELECT email FROM accounts FINAL WHERE NOT removed) AS account ON account.email = login.email
LEFT JOIN (SELECT email, role, by_site FROM roles FINAL) AS standing ON standing.email = login.email
LEFT JOIN (SELECT email, language FROM account_languages FINAL) AS chosen ON chosen.email = login.email
LEFT JOIN (SELECT used, day FROM last_uses FINAL WHERE used = {session:String}) AS uses ON uses.used = login.session
