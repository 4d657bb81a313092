"""What to say about losses."""
