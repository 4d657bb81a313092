"""What to say about activations."""
