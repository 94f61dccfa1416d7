SELECT site, domain, timezone, created
FROM sites FINAL
WHERE NOT removed
ORDER BY domain
