"""What people get wrong in each rule of update, and in the loss behind it."""
