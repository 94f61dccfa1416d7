SELECT email, password, created
FROM accounts FINAL
WHERE email = {email:String} AND NOT removed
