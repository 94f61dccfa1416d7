"""The collector: a beacon becomes an event on disk, and then in ClickHouse."""
