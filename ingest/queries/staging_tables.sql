SELECT name FROM system.tables WHERE database = currentDatabase() AND match(name, '^import_[0-9a-f]{16}$')
