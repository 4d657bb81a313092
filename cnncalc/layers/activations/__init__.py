"""Layers that treat each element by itself, and softmax."""
