SELECT email, role, by_site FROM roles FINAL
