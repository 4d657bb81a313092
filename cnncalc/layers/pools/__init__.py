"""Pools: of each window, or of each channel, one number."""
