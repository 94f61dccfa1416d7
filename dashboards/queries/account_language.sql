SELECT language FROM account_languages FINAL WHERE email = {email:String}
