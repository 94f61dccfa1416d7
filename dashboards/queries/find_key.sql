-- A key, if it holds and its account is still there, and what that account may.
SELECT held.api_key, held.email, held.name, standing.role, standing.by_site, uses.day
FROM (SELECT api_key, email, name FROM api_keys FINAL WHERE api_key = {api_key:String} AND NOT revoked) AS held
INNER JOIN (SELECT email FROM accounts FINAL WHERE NOT removed) AS account ON account.email = held.email
LEFT JOIN (SELECT email, role, by_site FROM roles FINAL) AS standing ON standing.email = held.email
LEFT JOIN (SELECT used, day FROM last_uses FINAL WHERE used = {api_key:String}) AS uses ON uses.used = held.api_key
