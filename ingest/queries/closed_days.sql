SELECT day FROM published FINAL WHERE site = {site:UInt32} AND closed
