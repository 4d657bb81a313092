"""What one number is, in every form in which people write it."""
