"""Formulas: what they are made of, and how each format writes them."""
