"""Entropies of distributions: what they are, what they come to, how they hang together."""
