"""What every part stands on: settings, errors, the clock, the store, migrations, sites."""
