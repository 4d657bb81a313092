"""Layers of several inputs, and what happens where a tensor has several uses."""
