"""Formulas that are too long to stand in their layer, and the letters that count in all of them."""
