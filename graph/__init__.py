"""How Microsoft Graph is read and, where azuread does not do it, changed."""
