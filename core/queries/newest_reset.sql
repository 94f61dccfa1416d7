SELECT reset, began, ended, facts
FROM resets FINAL
ORDER BY began DESC
LIMIT 1
