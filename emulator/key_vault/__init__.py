"""Azure Key Vault: secrets as Azure Resource Manager writes them, and as the vault itself hands them out."""
