"""Exchange Online's admin endpoint: cmdlets as JSON, and the access policies that they set."""
