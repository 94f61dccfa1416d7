SELECT secret, step, recovery
FROM second_factors FINAL
WHERE email = {email:String} AND secret != ''
