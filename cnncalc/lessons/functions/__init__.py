"""What to say about the functions that expressions are made of."""
