SELECT email, created
FROM accounts FINAL
WHERE NOT removed
ORDER BY email
