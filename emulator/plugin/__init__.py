"""What the stand-ins for Pulumi's plugins have in common: the engine's protocol, the sign-in, the server."""
