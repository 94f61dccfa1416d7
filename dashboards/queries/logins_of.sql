SELECT session, expires
FROM logins FINAL
WHERE email = {email:String} AND NOT ended
