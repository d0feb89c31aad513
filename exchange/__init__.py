"""How Exchange Online is read and changed."""
