"""What people get wrong in the functions that expressions are made of."""
