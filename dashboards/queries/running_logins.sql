SELECT session, email, expires, version FROM logins FINAL WHERE NOT ended
