SELECT site, domain, timezone, created, profile, threshold
FROM sites FINAL
WHERE NOT removed OR {removed:Bool}
ORDER BY domain
