"""An address: who may state it, cutting it, its country."""
