"""Layers that set mean and variance."""
