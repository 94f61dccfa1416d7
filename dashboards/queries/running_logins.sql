SELECT session, email, expires FROM logins FINAL WHERE NOT ended
