"""How PlaceOS is told what it needs."""
