"""Number systems: what an element of an array is, and the primitives that layers are written in."""
