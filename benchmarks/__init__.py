"""What the module costs: measured on the real engine and an emulated tenant, against stated bounds."""
