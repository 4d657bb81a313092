"""Sizes and counts on an answer sheet: how they are written, what follows, what people get wrong in them."""
