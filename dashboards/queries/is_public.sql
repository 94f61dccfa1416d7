SELECT site FROM public_sites FINAL WHERE site = {site:UInt32} AND is_public
