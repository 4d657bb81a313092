"""What people get wrong in pools."""
