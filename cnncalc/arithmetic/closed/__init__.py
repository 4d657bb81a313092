"""Closed forms: the exact ring, its normal form, its letters, and its text."""
