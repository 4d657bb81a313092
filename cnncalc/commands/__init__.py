"""The commands, one a file, with what they share."""
