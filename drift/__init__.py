"""What is true in the tenant, held against what the code says; nothing here changes anything."""
