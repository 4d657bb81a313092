"""What to say about rules of descent."""
