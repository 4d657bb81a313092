"""What people get wrong in activations."""
