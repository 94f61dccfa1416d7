SELECT stopped FROM collectors FINAL WHERE collector = {collector:String}
