SELECT site, domain, timezone, created, profile, threshold, excluded_pages, excluded_hostnames
FROM sites FINAL
WHERE NOT removed OR {removed:Bool}
ORDER BY domain
