"""Numbers and matrices: their text, and how a tensor lies on a page."""
