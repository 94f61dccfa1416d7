SELECT coalesce(sum(length(rows) + length(tallies)), 0) FROM commits
