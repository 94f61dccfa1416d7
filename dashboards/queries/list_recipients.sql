-- The recipients of reports of these sites; of all, where none is named.
SELECT recipient, site, email, rhythm, language, token, added, confirmed, account
FROM mail_recipients FINAL
WHERE empty({sites:Array(UInt32)}) OR site IN {sites:Array(UInt32)}
ORDER BY added, recipient
