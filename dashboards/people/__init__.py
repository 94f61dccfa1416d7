"""The people who read reports: accounts, roles, invitations, logins, second factors, API keys."""
