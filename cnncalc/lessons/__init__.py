"""What a teacher says of each layer, loss and rule of descent: a file each, loaded when somebody reads it."""
