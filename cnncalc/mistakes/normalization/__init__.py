"""What people get wrong in norms."""
