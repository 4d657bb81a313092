"""Questions of published sheets, with their published answers."""
