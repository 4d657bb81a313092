"""What to say about norms."""
