-- Every key that was not revoked.
SELECT held.api_key, held.email, held.name, held.created, uses.day
FROM (SELECT * FROM api_keys FINAL WHERE NOT revoked) AS held
LEFT JOIN (SELECT used, day FROM last_uses FINAL) AS uses ON uses.used = held.api_key
ORDER BY held.created DESC, held.name
