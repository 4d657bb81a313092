"""What a tensor is, in every form in which people write it."""
