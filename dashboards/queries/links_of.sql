-- The shared links of a site that hold.
SELECT shared.link, shared.site, shared.name, shared.password, shared.origins, shared.creator, shared.created, uses.day
FROM (SELECT * FROM shared_links FINAL WHERE site = {site:UInt32} AND NOT revoked) AS shared
LEFT JOIN (SELECT used, day FROM last_uses FINAL) AS uses ON uses.used = shared.link
ORDER BY shared.created DESC, shared.name
