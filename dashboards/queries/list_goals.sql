SELECT kind, name, title
FROM goals FINAL
WHERE site = {site:UInt32} AND NOT removed
