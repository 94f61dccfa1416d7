-- What might be an address or a user agent, and a closer look tells: few values, out of all.
SELECT toString({column:Identifier}) AS text, count() AS values
FROM {table:Identifier}
WHERE match(text, '(?i)[0-9][.][0-9]{1,3}[.][0-9]{1,3}[.][0-9]|:[0-9a-f]{0,4}:|%[0-9a-f]{2}|mozilla/')
GROUP BY text
LIMIT 100000
