"""What a teacher says of each layer, loss and rule of descent, loaded when somebody reads it."""
