-- A shared link, if it holds.
SELECT shared.link, shared.site, shared.name, shared.password, shared.origins, shared.creator, shared.created, uses.day
FROM (SELECT * FROM shared_links FINAL WHERE link = {link:String} AND NOT revoked) AS shared
LEFT JOIN (SELECT used, day FROM last_uses FINAL WHERE used = {link:String}) AS uses ON uses.used = shared.link
