"""What cnncalc says of itself: the reference of the problem file, and all known mistakes with an example of each."""
