SELECT turn, holder, until FROM turns FINAL WHERE work = 'reports'
