"""A Microsoft 365 tenant on this machine: login, Graph and Exchange, as strict as the real ones."""
