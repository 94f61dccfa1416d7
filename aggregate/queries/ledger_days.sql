SELECT day, uniqExact(site) FROM tallies GROUP BY day ORDER BY day
