"""Azure Resource Manager, as much of it as a key vault takes: what is there, and what the caller may do."""
