SELECT DISTINCT toStartOfMonth(day) AS month FROM carried ORDER BY month
