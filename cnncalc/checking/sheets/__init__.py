"""How an answer sheet is read."""
