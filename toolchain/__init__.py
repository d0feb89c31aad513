"""How a machine without Pulumi gets an engine, and the small Python language host for it."""
