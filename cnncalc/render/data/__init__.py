"""What programs read: JSON by contract."""
