INSERT INTO tallies (counted, site, day, outcome, hits) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (counted, site, day, outcome) DO UPDATE SET hits = hits + excluded.hits
