SELECT counted, site, day, outcome, hits FROM tallies WHERE hits != stated
