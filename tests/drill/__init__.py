"""The drill: a tenant that was brought up is tampered with, and drift has to find, name and mend it."""
