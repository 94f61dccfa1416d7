SELECT site, domain, timezone, created, profile, threshold, excluded_pages, excluded_hostnames, version
FROM sites FINAL
WHERE removed
ORDER BY version DESC
