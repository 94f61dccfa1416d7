SELECT count() FROM {table:Identifier}
