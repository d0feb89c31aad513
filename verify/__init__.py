"""What PlaceOS's credentials can and can't do, asked of Microsoft Graph in PlaceOS's name."""
