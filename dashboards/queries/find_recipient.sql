SELECT recipient, site, email, rhythm, language, token, added, confirmed, account
FROM mail_recipients FINAL
WHERE token = {token:String}
