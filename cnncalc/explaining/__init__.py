"""Trace -> how one element of one tensor comes about."""
