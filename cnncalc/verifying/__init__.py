"""Each gradient of a problem by three independent ways."""
