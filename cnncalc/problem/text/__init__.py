"""The text of a file: its nodes, its places, and what is said of its faults."""
