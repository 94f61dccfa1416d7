SELECT site, domain, timezone, created
FROM sites FINAL
WHERE NOT removed OR {removed:Bool}
ORDER BY domain
