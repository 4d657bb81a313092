"""What people get wrong in each loss."""
